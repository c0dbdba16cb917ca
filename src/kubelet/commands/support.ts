/** What the small tools share: options as getopt reads them, files named or standard input, complaints. */
import type { Routine } from '../../sim/index.ts'
import type { FileResult } from '../files/file-system.ts'
import { LineReader, readAll, textInput } from '../io/streams.ts'
import type { ContainerProcess } from '../program.ts'

export interface Options {
  readonly flags: ReadonlySet<string>
  /** Of options that take a value, the last one given. */
  readonly values: ReadonlyMap<string, string>
  /** Of options that may come several times, all in order. */
  readonly all: readonly (readonly [name: string, value: string])[]
  readonly operands: readonly string[]
}

/**
 * Reads a command line (without the command). Letters in `valued` take a value; a long option takes one when
 * it is in `longValued` or has a `=`. Options end at `--`, and at the first operand when `isStrict`.
 */
export function readOptions(
  argv: readonly string[],
  valued = '',
  longValued: readonly string[] = [],
  isStrict = false,
): Options {
  const flags = new Set<string>()
  const values = new Map<string, string>()
  const all: [string, string][] = []
  const operands: string[] = []
  const give = (name: string, value: string) => {
    values.set(name, value)
    all.push([name, value])
  }
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!
    if (word === '--') {
      operands.push(...argv.slice(i + 1))
      break
    }
    if (word.startsWith('--')) {
      const [name = '', ...rest] = word.slice(2).split('=')
      if (rest.length > 0) give(name, rest.join('='))
      else if (longValued.includes(name)) give(name, argv[++i] ?? '')
      else flags.add(name)
      continue
    }
    if (!word.startsWith('-') || word === '-') {
      if (isStrict) {
        operands.push(...argv.slice(i))
        break
      }
      operands.push(word)
      continue
    }
    for (let k = 1; k < word.length; k++) {
      const letter = word[k]!
      if (!valued.includes(letter)) {
        flags.add(letter)
        continue
      }
      give(letter, k + 1 < word.length ? word.slice(k + 1) : (argv[++i] ?? ''))
      break
    }
  }
  return { flags, values, all, operands }
}

/** An argument as an absolute path. */
export function pathOf({ workingDirectory }: ContainerProcess, path: string): string {
  if (path.startsWith('/')) return path
  return workingDirectory === '/' ? `/${path}` : `${workingDirectory}/${path}`
}

export function complain(process: ContainerProcess, message: string): number {
  const [path = ''] = process.argv
  process.stderr.write(`${path.slice(path.lastIndexOf('/') + 1)}: ${message}\n`)
  return 1
}

/** A file's content; `-` and `/dev/stdin` are standard input. */
export function* readFile(process: ContainerProcess, path: string): Routine<FileResult<string>> {
  if (path === '-' || path === '/dev/stdin') return { ok: true, value: yield* readAll(process.stdin) }
  return process.files.read(pathOf(process, path))
}

/** The lines of each operand in turn, or of standard input; complains of what is not there. */
export function* sources(
  process: ContainerProcess,
  paths: readonly string[],
): Routine<{ readonly path: string; readonly lines: LineReader }[]> {
  if (paths.length === 0) return [{ path: '-', lines: lineReader(process) }]
  const found: { path: string; lines: LineReader }[] = []
  for (const path of paths) {
    if (path === '-') found.push({ path, lines: lineReader(process) })
    else {
      const content = yield* readFile(process, path)
      if (content.ok) found.push({ path, lines: new LineReader(textInput(content.value)) })
      else complain(process, `${path}: ${content.error}`)
    }
  }
  return found
}

function lineReader({ stdin }: ContainerProcess): LineReader {
  return stdin instanceof LineReader ? stdin : new LineReader(stdin)
}

/** Everything of the operands or of standard input, as one text; undefined when one is missing, which is said. */
export function* allText(process: ContainerProcess, paths: readonly string[]): Routine<string | undefined> {
  let text = ''
  let isWhole = true
  for (const path of paths.length > 0 ? paths : ['-']) {
    const content = yield* readFile(process, path)
    if (content.ok) text += content.value
    else {
      complain(process, `${path}: ${content.error}`)
      isWhole = false
    }
  }
  return isWhole || text !== '' ? text : undefined
}

/** Lines without their newlines. */
export function linesOf(text: string): string[] {
  if (text === '') return []
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')
}

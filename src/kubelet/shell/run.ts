/** Runs a parsed script on the loop: expansions, control flow, files; tools come from {@link TOOLS}. */
import { LIMITS, type Routine } from '../../sim/index.ts'
import { type ContainerProcess, type Image, withArgv } from '../program.ts'
import { arithmetic } from './arithmetic.ts'
import { type Command, parseScript, ShellSyntaxError, type Word } from './parse.ts'
import { TOOLS } from './tools.ts'

/** Thrown to unwind to the end of the script, or of a loop. */
class Unwind {
  readonly kind: 'exit' | 'break' | 'continue'
  readonly code: number

  constructor(kind: Unwind['kind'], code: number) {
    this.kind = kind
    this.code = code
  }
}

class Shell {
  readonly container: ContainerProcess
  readonly #programs: Image['programs']
  readonly #variables = new Map<string, string>()
  readonly #arguments: readonly string[]
  #status = 0
  #steps = 0

  constructor(
    container: ContainerProcess,
    programs: Image['programs'],
    scriptArguments: readonly string[] = [],
  ) {
    this.container = container
    this.#programs = programs
    this.#arguments = scriptArguments
  }

  /** Runs a script to its end and gives its exit code. */
  *run(text: string): Routine<number> {
    try {
      return yield* this.#execute(parseScript(text), line => this.container.log(line))
    } catch (error) {
      if (error instanceof Unwind) return error.code
      if (!(error instanceof ShellSyntaxError)) throw error
      this.container.logError(`sh: syntax error: ${error.message}`)
      return 2
    }
  }

  lookup(name: string): string {
    if (name === '?') return String(this.#status)
    if (name === '$') return '1'
    if (name === '#') return String(Math.max(0, this.#arguments.length - 1))
    if (name === '@' || name === '*') return this.#arguments.slice(1).join(' ')
    if (/^\d/.test(name)) return this.#arguments[Number(name)] ?? ''
    return this.#variables.get(name) ?? this.container.environment[name] ?? ''
  }

  *#execute(command: Command, print: (line: string) => void): Routine<number> {
    switch (command.type) {
      case 'simple':
        this.#status = yield* this.#simple(command, print)
        break
      case 'list':
        for (const item of command.items) yield* this.#execute(item, print)
        break
      case 'and':
        if ((yield* this.#execute(command.left, print)) === 0) yield* this.#execute(command.right, print)
        break
      case 'or':
        if ((yield* this.#execute(command.left, print)) !== 0) yield* this.#execute(command.right, print)
        break
      case 'not':
        this.#status = (yield* this.#execute(command.command, print)) === 0 ? 1 : 0
        break
      case 'if':
        if ((yield* this.#execute(command.condition, print)) === 0) yield* this.#execute(command.then, print)
        else if (command.otherwise) yield* this.#execute(command.otherwise, print)
        else this.#status = 0
        break
      case 'loop':
        for (;;) {
          const isTrue = (yield* this.#execute(command.condition, print)) === 0
          if (isTrue === command.isUntil) break
          if (yield* this.#turn(command.body, print)) break
        }
        this.#status = 0
        break
      case 'for':
        for (const value of yield* this.#expandAll(command.words)) {
          this.#variables.set(command.name, value)
          if (yield* this.#turn(command.body, print)) break
        }
        break
    }
    return this.#status
  }

  /** One turn of a loop; true when it was broken out of. */
  *#turn(body: Command, print: (line: string) => void): Routine<boolean> {
    try {
      yield* this.#execute(body, print)
    } catch (unwind) {
      if (!(unwind instanceof Unwind) || unwind.kind === 'exit') throw unwind
      return unwind.kind === 'break'
    }
    return false
  }

  *#simple(command: Extract<Command, { type: 'simple' }>, print: (line: string) => void): Routine<number> {
    const startMs = this.container.scope.sim.now
    if (++this.#steps > LIMITS.shellSteps) {
      this.container.logError('sh: the script spins without waiting and was killed')
      throw new Unwind('exit', 137)
    }
    for (const { name, value } of command.assignments) {
      this.#variables.set(name, (yield* this.#expand(value)).join(' '))
    }
    const argv = yield* this.#expandAll(command.words)
    const redirect = command.redirects.find(({ mode }) => mode !== 'discard')
    const lines: string[] = []
    const code = argv.length === 0 ? 0 : yield* this.#tool(argv, redirect ? line => lines.push(line) : print)
    if (redirect) {
      const [path = ''] = yield* this.#expand(redirect.target)
      const before = redirect.mode === 'append' ? (this.container.files.get(path) ?? '') : ''
      if (path !== '/dev/null') {
        this.container.files.set(path, before + lines.map(line => `${line}\n`).join(''))
        if (path === '/dev/stdout' || path === '/proc/1/fd/1') for (const line of lines) print(line)
      }
    }
    if (this.container.scope.sim.now !== startMs) this.#steps = 0
    return code
  }

  *#tool(argv: readonly string[], print: (line: string) => void): Routine<number> {
    const [name = '', ...rest] = argv
    if (name === 'exit')
      throw new Unwind('exit', rest[0] === undefined ? this.#status : Number(rest[0]) & 255)
    if (name === 'break' || name === 'continue') throw new Unwind(name, 0)
    if (name === 'exec') return rest.length === 0 ? 0 : yield* this.#execTool(rest, print)
    if (name === 'export') {
      for (const pair of rest) {
        const [key = '', ...value] = pair.split('=')
        if (pair.includes('=')) this.#variables.set(key, value.join('='))
      }
      return 0
    }
    if (name === 'set' || name === 'trap' || name === 'cd' || name === 'wait') return 0
    return yield* runTool(this.container, this.#programs, argv, print)
  }

  *#execTool(argv: readonly string[], print: (line: string) => void): Routine<number> {
    throw new Unwind('exit', yield* this.#tool(argv, print))
  }

  *#expandAll(words: readonly Word[]): Routine<string[]> {
    const values: string[] = []
    for (const word of words) values.push(...(yield* this.#expand(word)))
    return values
  }

  /** One word; unquoted expansions are split at white space. */
  *#expand(word: Word): Routine<string[]> {
    const fields: string[] = []
    let current: string | undefined
    for (const part of word) {
      const value =
        part.type === 'text'
          ? part.value
          : part.type === 'variable'
            ? this.lookup(part.value)
            : part.type === 'arithmetic'
              ? String(arithmetic(part.value, name => this.lookup(name)))
              : yield* this.#output(part.value)
      if (part.isQuoted || part.type === 'text') {
        current = (current ?? '') + value
        continue
      }
      const pieces = value.split(/\s+/)
      pieces.forEach((piece, i) => {
        if (i > 0 && current !== undefined) {
          fields.push(current)
          current = undefined
        }
        if (piece !== '') current = (current ?? '') + piece
      })
    }
    if (current !== undefined) fields.push(current)
    return fields
  }

  *#output(script: string): Routine<string> {
    const lines: string[] = []
    yield* this.#execute(parseScript(script), line => lines.push(line))
    return lines.join('\n')
  }
}

/** One tool, or one program of the image, by its argv; 127 with the shell's words where there is none. */
export function* runTool(
  container: ContainerProcess,
  programs: Image['programs'],
  argv: readonly string[],
  print: (line: string) => void,
): Routine<number> {
  const [path = '', ...rest] = argv
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (name === 'sh' || name === 'bash' || name === 'ash') return yield* runShell(container, programs, argv)
  const program = Object.hasOwn(programs, name) ? programs[name] : undefined
  if (program) return yield* program(withArgv(container, argv))
  const tool = Object.hasOwn(TOOLS, name) ? TOOLS[name] : undefined
  if (!tool) {
    container.logError(`sh: ${path}: not found`)
    return 127
  }
  return yield* tool({ container, print, fail: line => container.logError(line) }, rest)
}

/** `sh -c SCRIPT [NAME ARGUMENT...]`; without -c a shell has nothing to read and ends. */
function* runShell(
  container: ContainerProcess,
  programs: Image['programs'],
  argv: readonly string[],
): Routine<number> {
  let at = 1
  let isScript = false
  while (argv[at]?.startsWith('-')) {
    if (argv[at]!.includes('c') && !argv[at]!.startsWith('--')) isScript = true
    at++
  }
  if (isScript) return yield* new Shell(container, programs, argv.slice(at + 1)).run(argv[at] ?? '')
  const file = argv[at]
  if (file === undefined) return 0
  const script = container.files.get(file)
  if (script === undefined) {
    container.logError(`sh: can't open '${file}': No such file or directory`)
    return 2
  }
  return yield* new Shell(container, programs, argv.slice(at)).run(script)
}

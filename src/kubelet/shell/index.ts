/** A shell and small tools for containers: finds what a command line means and runs it. */
import type { Routine } from '../../sim/index.ts'
import { COMMANDS } from '../commands/index.ts'
import { type ContainerProcess, derive, type Image, type Program } from '../program.ts'
import { readCommands } from './interactive.ts'
import { absolute } from './pattern.ts'
import { Shell } from './shell.ts'
import { ioOf, ShellState } from './state.ts'

const SHELLS = new Set(['sh', 'bash', 'ash', 'dash'])

/** Whether an image with a shell has a tool of that base name. */
function hasTool(image: Image, name: string): boolean {
  if (!image.hasShell) return false
  if (SHELLS.has(name)) return name === 'sh' || hasBash(image) === (name !== 'ash') || name === 'dash'
  return Object.hasOwn(COMMANDS, name)
}

/** Debian's images have bash; those of busybox have ash. */
function hasBash(image: Image): boolean {
  return image.os === undefined || image.os === 'debian'
}

/** What stands in /bin. */
export function toolNames(image: Image): readonly string[] {
  const names = [...Object.keys(COMMANDS), ...SHELLS, ...Object.keys(image.programs)]
  return names.filter(name => Object.hasOwn(image.programs, name) || hasTool(image, name))
}

/** The program that an image has under a base name: its own first. */
export function findProgram(image: Image, name: string): Program | undefined {
  if (Object.hasOwn(image.programs, name)) return image.programs[name]
  if (!hasTool(image, name)) return undefined
  return SHELLS.has(name) ? runShell : COMMANDS[name]
}

/** Runs a command line in a container; undefined when there is no such program. */
export function* runCommand(
  container: ContainerProcess,
  argv: readonly string[],
  changes: Partial<ContainerProcess>,
): Routine<number | undefined> {
  const [path = ''] = argv
  const program = findProgram(container.image, path.slice(path.lastIndexOf('/') + 1))
  if (program) return yield* program(derive(container, { ...changes, argv }))
  if (!path.includes('/')) return undefined
  const directory = changes.workingDirectory ?? container.workingDirectory
  const script = container.files.get(absolute(path, directory))
  if (script === undefined) return undefined
  return yield* runShell(derive(container, { ...changes, argv: ['sh', ...argv] }))
}

/** `sh`, `sh FILE [ARGUMENT...]`, `sh -c SCRIPT [NAME ARGUMENT...]`. */
export function* runShell(process: ContainerProcess): Routine<number> {
  const [path = 'sh', ...words] = process.argv
  const title = path.slice(path.lastIndexOf('/') + 1)
  const options = new Set<string>()
  let at = 0
  for (; words[at] !== undefined && /^[-+]./.test(words[at]!); at++) {
    const word = words[at]!
    if (word === '--') {
      at++
      break
    }
    if (word === '-o') options.add(words[++at] ?? '')
    else if (!word.startsWith('--')) for (const letter of word.slice(1)) options.add(letter)
  }
  const script = options.has('c') ? words[at++] : undefined
  const file = options.has('c') || options.has('s') ? undefined : words[at]
  const state = new ShellState(process, words[at] ?? path, words.slice(at + 1))
  for (const option of ['e', 'u', 'x', 'pipefail']) if (options.has(option)) state.options.add(option)
  const shell = new Shell(process, state, ioOf(process), title)
  if (options.has('c')) {
    if (script !== undefined) return yield* shell.run(script)
    shell.complain('-c requires an argument')
    return 2
  }
  if (file !== undefined) {
    const content = process.files.read(absolute(file, process.workingDirectory))
    if (content.ok) return yield* shell.run(content.value)
    shell.complain(`can't open '${file}': ${content.error}`)
    return 2
  }
  shell.isInteractive = process.isTty || options.has('i')
  return yield* readCommands(shell)
}

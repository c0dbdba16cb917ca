/**
 * What stands behind a `$`: `kubectl ...` or `sim ...`, read before the lesson begins.
 */
import type { KubectlResult } from '../kubectl/index.ts'
import { shellWords } from '../kubectl/index.ts'
import { UserError } from '../sim/index.ts'
import type { Expressions } from './expression/expressions.ts'
import type { ConsoleCommand, Scenario } from './parse.ts'
import { enter, type Play } from './play.ts'
import { readVerb } from './read-verb.ts'
import type { Stage } from './verbs/verb.ts'

/** A file of the scenario's folder by its name there; undefined when there is none. */
export type ReadFile = (path: string) => string | undefined

/** Reads a command. Throws UserError with its place. */
export function readCommand(
  scenario: Scenario,
  command: ConsoleCommand,
  expressions: Expressions,
  readFile: ReadFile,
): (stage: Stage) => Play {
  const where = placesIn(scenario, command)
  const words = wordsOf(command, where)
  const [program, ...rest] = words
  if (program === 'kubectl') return stage => kubectl(stage, rest, filesNamed(rest, readFile))
  if (program === 'sim') {
    return readVerb(rest, {
      where,
      expression: text => expressions.read(text, offset => where(text, offset)),
    })
  }
  throw new UserError(program === undefined ? 'there is no command here' : `there is no program ${program}`, {
    where: where(program ?? '$'),
    mend: 'A line runs `kubectl ...` or `sim ...`.',
  })
}

/** Runs kubectl; a refusal is a failure unless the lesson expects just that output. */
export function* kubectl(
  stage: Stage,
  words: readonly string[],
  files: Readonly<Record<string, string>>,
): Play {
  const live = { out: (text: string) => stage.print(text), err: (text: string) => stage.print(text) }
  const result = (yield* enter(stage.cluster, { do: 'kubectl', words, files }, live)) as KubectlResult
  if (result.exitCode !== 0) {
    stage.refuse(`kubectl ${words.join(' ')} to succeed`, result.stderr || `exit code ${result.exitCode}`)
  }
}

const SHELL = new Set(['|', '||', '&', '&&', ';', '<', '<<', '>', '>>'])

function wordsOf(command: ConsoleCommand, where: (text: string) => string): string[] {
  let words: string[]
  try {
    words = shellWords(command.text)
  } catch (error) {
    if (error instanceof UserError)
      throw new UserError(error.message, { where: where('$'), mend: error.mend })
    throw error
  }
  const operator = words.find(word => SHELL.has(word))
  if (operator === undefined) return words
  throw new UserError(`a lesson's line is one command: ${operator} is not understood`, {
    where: where(` ${operator} `),
    mend: 'Use -l, -o jsonpath or -o custom-columns to narrow output down.',
  })
}

/** Finds where a text of the command stands in the file, as `file:line:column`. */
function placesIn(scenario: Scenario, command: ConsoleCommand): (text: string, offset?: number) => string {
  const lines = scenario.source.split(/\r?\n/)
  return (text, offset = 0) => {
    for (let line = command.line; line < command.expectedLines.from; line++) {
      const column = lines[line - 1]!.indexOf(text)
      if (column >= 0) return `${scenario.file}:${line}:${column + 1 + offset}`
    }
    return `${scenario.file}:${command.line}:3`
  }
}

/** Flags whose value, or the part behind its `=`, names a file. */
const FILE_FLAG = /^(?:-f|--filename|--from-file|--from-env-file|--patch-file|-o|--output|--template)(?:=|$)/

/** The files a kubectl command line names, with their contents; those that are not there are left out. */
function filesNamed(words: readonly string[], readFile: ReadFile): Record<string, string> {
  const files: Record<string, string> = {}
  words.forEach((word, i) => {
    if (!FILE_FLAG.test(word) && !word.startsWith('-f')) return
    const value = /^-f./.test(word)
      ? word.replace(/^-f=?/, '')
      : word.split('=').slice(1).join('=') || words[i + 1]
    for (const path of (value ?? '').split(',').flatMap(part => [part, part.slice(part.indexOf('=') + 1)])) {
      const text = path === '' ? undefined : readFile(path)
      if (text !== undefined) files[path] = text
    }
  })
  return files
}

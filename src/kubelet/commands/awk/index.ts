/**
 * `awk`: patterns and actions over lines and fields, with arrays, loops, regular expressions and the usual functions.
 * Without user functions, getline, redirections and RS.
 */
import type { Program } from '../../program.ts'
import { complain, readFile, readOptions, sources } from '../support.ts'
import { AwkFault, Machine } from './machine.ts'
import { parseAwk } from './parse.ts'

export const awk: Program = function* (process) {
  const { values, all, operands } = readOptions(process.argv.slice(1), 'Fvf', [], true)
  const words = [...operands]
  const file = values.get('f')
  const content = file === undefined ? undefined : yield* readFile(process, file)
  if (content && !content.ok) return complain(process, `${file}: ${content.error}`)
  const source = content ? content.value : words.shift()
  if (source === undefined) {
    process.stderr.write("usage: awk [-F fs] [-v var=value] 'prog' [file ...]\n")
    return 1
  }
  const parsed = parseAwk(source)
  if (!parsed.ok) return fault(process, parsed.message)
  const machine = new Machine(parsed.rules, text => process.stdout.write(text))
  const separator = values.get('F')
  if (separator !== undefined) machine.set('FS', separator === 't' ? '\t' : separator.replaceAll('\\t', '\t'))
  for (const [option, text] of all) {
    const at = text.indexOf('=')
    if (option === 'v')
      machine.set(
        text.slice(0, at),
        text
          .slice(at + 1)
          .replaceAll('\\n', '\n')
          .replaceAll('\\t', '\t'),
      )
  }
  try {
    machine.edge('BEGIN')
    if (machine.exitCode === undefined && machine.wantsInput) {
      for (const { lines } of yield* sources(process, words)) {
        for (let line = yield* lines.next(); line !== undefined; line = yield* lines.next()) {
          machine.line(line)
          yield* process.stdout.drain()
          if (machine.exitCode !== undefined) break
        }
      }
    }
    machine.edge('END')
  } catch (error) {
    if (error instanceof AwkFault) return fault(process, error.message)
    throw error
  }
  return machine.exitCode ?? 0
}

function fault(process: Parameters<Program>[0], message: string): number {
  complain(process, `cmd. line:1: ${message}`)
  return 2
}

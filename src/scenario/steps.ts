/**
 * A lesson as a list of steps, one after another: what is read, what is applied, every command by itself.
 */
import type { ConsoleCommand, Scenario } from './parse.ts'

export type Step =
  | { readonly type: 'prose'; readonly text: string; readonly line: number }
  | { readonly type: 'shown'; readonly language: string; readonly text: string; readonly line: number }
  /** `yaml` has blank lines in front so that positions in it are those of the file. */
  | { readonly type: 'apply'; readonly yaml: string; readonly line: number }
  | {
      readonly type: 'command'
      readonly command: ConsoleCommand
      /** What is typed after `$ `. */
      readonly text: string
      readonly line: number
    }

/** The steps of a scenario in the order of the file. */
export function stepsOf(scenario: Scenario): Step[] {
  return scenario.blocks.flatMap((block): Step[] => {
    if (block.type !== 'console') return [block]
    return block.commands.map(command => ({
      type: 'command',
      command,
      text: command.text,
      line: command.line,
    }))
  })
}

/**
 * Lessons to be read: in the terminal UI where there is a terminal, as plain text where there is none.
 */
import type { Command } from 'commander'
import { EXIT } from '../exit-codes.ts'
import { demonstrationLesson } from '../lessons.ts'
import { wholeNumber } from '../options.ts'
import { openLesson } from '../run/play-file.ts'
import { playAsText } from '../run/play-text.ts'
import { formatBug, isBug } from '../run/report-bug.ts'

interface PlayFlags {
  readonly seed?: number
  readonly text?: boolean
}

export function addPlayCommand(program: Command): void {
  program
    .command('play')
    .description('watch a lesson: in the terminal, or as text')
    .argument('[file]', 'a Markdown file; the demonstration lesson unless given')
    .option('--seed <n>', "seed in the place of the file's own", wholeNumber)
    .option('--text', 'as text even in a terminal')
    .action(async (file: string | undefined, flags: PlayFlags) => {
      process.exitCode = await open(file ?? demonstrationLesson(), flags)
    })
}

/** `kubarium` without a command. Gives the exit code. */
export function openDemonstration(): Promise<number> {
  return open(demonstrationLesson(), {})
}

async function open(file: string, { seed, text }: PlayFlags): Promise<number> {
  const lesson = openLesson(file, seed)
  try {
    if (text || !process.stdout.isTTY || !process.stdin.isTTY) {
      return playAsText(lesson, piece => process.stdout.write(piece))
    }
    const { runTui } = await import('../tui/index.tsx')
    return await runTui({ lesson })
  } catch (error) {
    if (!isBug(error)) throw error
    process.stderr.write(formatBug(file, lesson, error))
    return EXIT.bug
  }
}

/**
 * `kubarium run FILE.md...`: plays lessons as fast as they go and says whether they hold.
 */
import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { UserError } from '../../sim/index.ts'
import { wholeNumber } from '../options.ts'
import { exitCodeOf, outcomeOf } from '../run/outcome.ts'
import { type FileResult, playFile } from '../run/play-file.ts'
import { reportFile, reportTrace } from '../run/report-text.ts'
import { formatSummary, summariseAll } from '../run/trace-line.ts'

interface RunFlags {
  readonly seed?: number
  readonly update?: boolean
  readonly json?: boolean
  readonly junit?: string
  readonly trace?: string
  readonly quiet?: boolean
}

export function addRunCommand(program: Command): void {
  program
    .command('run')
    .description('play scenarios and check what they say')
    .argument('<file...>', 'Markdown files')
    .option('--seed <n>', "seed in the place of the files' own", wholeNumber)
    .option('--update', 'rewrite the expected outputs that did not come')
    .option('--json', 'print the results as JSON')
    .option('--junit <file>', 'write the results as JUnit XML')
    .option('--trace <file>', 'write every trace record, one JSON a line')
    .option('--quiet', 'print only what went wrong, and the last line')
    .action(async (files: string[], flags: RunFlags) => {
      process.exitCode = await run(files, flags)
    })
}

/** Plays the files and reports. Gives the exit code. */
async function run(files: readonly string[], flags: RunFlags): Promise<number> {
  const results = files.map(file => {
    const result = playFile(file, { seed: flags.seed, isUpdate: flags.update })
    if (!flags.json) print(result, flags)
    return result
  })
  if (!flags.json && files.length > 1 && !flags.quiet) process.stdout.write(results.map(reportTrace).join(''))
  // From process start, so that loading counts.
  const wallMs = performance.now()
  if (flags.json) process.stdout.write((await import('../run/report-json.ts')).toJson(results, wallMs))
  if (flags.junit !== undefined) {
    const { toJunit } = await import('../run/report-junit.ts')
    write('--junit', flags.junit, path => writeFileSync(path, toJunit(results)))
  }
  if (flags.trace !== undefined) {
    const { writeTrace } = await import('../run/trace-file.ts')
    write('--trace', flags.trace, path => writeTrace(path, results))
  }
  const lastLine = `${formatSummary(summariseAll(results, wallMs))}\n`
  if (flags.json) process.stderr.write(lastLine)
  else process.stdout.write(lastLine)
  return exitCodeOf(results)
}

function print(result: FileResult, flags: RunFlags): void {
  const outcome = outcomeOf(result)
  if (outcome === 'held' && flags.quiet) return
  const stream = outcome === 'unusable' || outcome === 'bug' ? process.stderr : process.stdout
  stream.write(reportFile(result, flags.seed))
}

function write(flag: string, path: string, act: (path: string) => void): void {
  try {
    act(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new UserError(`${path} cannot be written (${code})`, { where: flag, mend: 'Name another file.' })
  }
}

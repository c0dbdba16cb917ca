/**
 * Results for people: a line for each file, broken expectations in full, mistakes and bugs with what to do next.
 */
import { formatDuration } from '../../api/index.ts'
import type { Failure } from '../../scenario/index.ts'
import { failuresOf, outcomeOf } from './outcome.ts'
import type { FileResult } from './play-file.ts'
import { formatBug } from './report-bug.ts'
import { formatSummary, summariseFile } from './trace-line.ts'

/** One file's result. Held files are one line. */
export function reportFile(result: FileResult, seed: number | undefined): string {
  const { lesson, file, error } = result
  const failures = failuresOf(result)
  switch (outcomeOf(result)) {
    case 'held':
      return `ok       ${file}  ${lesson!.steps.length} steps, ${virtualOf(result)}${result.isUpdated ? ', updated' : ''}\n`
    case 'failed':
      return `FAILED   ${file}  ${failures.length} of ${lesson!.steps.length} steps\n${failures.map(formatFailure).join('')}`
    case 'unusable':
      return `UNUSABLE ${file}\n${lesson ? lesson.failures.map(formatFailure).join('') : ''}${error}\n`
    case 'bug':
      return `BUG      ${file}\n${formatBug(file, lesson, error!, seed)}`
  }
}

/** The fingerprint of one file among several. */
export function reportTrace(result: FileResult): string {
  const summary = summariseFile(result)
  return summary ? `${result.file}: ${formatSummary(summary)}\n` : ''
}

function virtualOf({ lesson }: FileResult): string {
  const { sim } = lesson!.cluster
  return `${formatDuration(sim.now - sim.startMs)} of virtual time`
}

/** Where, what was expected and what came. */
export function formatFailure({ where, expected, actual }: Failure): string {
  return `${where}: an expectation does not hold\n  expected:\n${indent(expected)}\n  got:\n${indent(actual)}\n`
}

function indent(text: string): string {
  return text === '' ? '    (nothing)' : text.replace(/\n$/, '').replace(/^/gm, '    ')
}

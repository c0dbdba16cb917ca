/**
 * Results for people: a line for each file, broken expectations in full, mistakes and bugs with what to do next.
 */
import { ApiError, formatDuration } from '../../api/index.ts'
import { clockTime, type Failure } from '../../scenario/index.ts'
import type { TraceRecord } from '../../sim/index.ts'
import { failuresOf, outcomeOf } from './outcome.ts'
import type { FileResult } from './play-file.ts'
import { formatSummary, summariseFile } from './trace-line.ts'

const LAST_RECORDS = 20

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
      return `BUG      ${file}\n${formatBug(result, seed)}`
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

/** Everything needed to see it again. */
export function formatBug({ file, lesson, error }: FileResult, seed: number | undefined): string {
  const what = error instanceof ApiError ? error.message : (error?.stack ?? String(error))
  const lines = [`bug: ${what}`]
  if (lesson) {
    const { sim } = lesson.cluster
    const step = lesson.current
    lines.push(
      `  at ${file}:${step?.line ?? 1}, seed ${sim.seed}, virtual time ${clockTime(sim)} (${sim.events} events)`,
      '  last trace records:',
      ...lastRecords(lesson).map(record => `    ${formatRecord(record)}`),
    )
  }
  const again = lesson?.cluster.sim.seed ?? seed
  lines.push(`  see it again: npx kubarium run ${file}${again === undefined ? '' : ` --seed ${again}`}`)
  return `${lines.join('\n')}\n`
}

function lastRecords(lesson: NonNullable<FileResult['lesson']>): TraceRecord[] {
  const { trace } = lesson.cluster.sim
  const from = Math.max(1, trace.length - LAST_RECORDS + 1)
  return Array.from({ length: trace.length - from + 1 }, (_, i) => trace.read(from + i)!)
}

function formatRecord({ id, atMs, cause, label, subject, detail }: TraceRecord): string {
  const parts = [`#${id}`, clockTime({ now: atMs }), label, subject, detail === 0 ? '' : String(detail)]
  return `${parts.filter(part => part !== '').join(' ')}${cause === 0 ? '' : ` (because of #${cause})`}`
}

/**
 * What a file's run comes to in the end: one of four outcomes, each with its exit code.
 */
import type { Failure } from '../../scenario/index.ts'
import { EXIT } from '../exit-codes.ts'
import type { FileResult } from './play-file.ts'
import { isBug } from './report-bug.ts'

export type Outcome = keyof typeof EXIT

export function outcomeOf(result: FileResult): Outcome {
  if (result.error) return isBug(result.error) ? 'bug' : 'unusable'
  return failuresOf(result).length > 0 ? 'failed' : 'held'
}

/** Expectations that did not hold; none that `--update` has just rewritten. */
export function failuresOf({ lesson, isUpdated }: FileResult): readonly Failure[] {
  const failures = lesson?.failures ?? []
  return isUpdated ? failures.filter(failure => !failure.isOutput) : failures
}

/** The gravest outcome's. */
export function exitCodeOf(results: readonly FileResult[]): number {
  return Math.max(...results.map(result => EXIT[outcomeOf(result)]))
}

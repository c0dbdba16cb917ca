/**
 * What became of a step.
 */
import type { Step } from './steps.ts'

/** An expectation that did not hold. */
export interface Failure {
  /** `file:line`. */
  readonly where: string
  /** What should have been; may have several lines. */
  readonly expected: string
  readonly actual: string
  /** It is about a command's output, which `--update` can mend. */
  readonly isOutput: boolean
}

export interface StepResult {
  readonly step: Step
  /** What it printed, with newlines. */
  readonly output: string
  /** Undefined when it held, or nothing was expected. */
  readonly failure: Failure | undefined
  /** Virtual ms since the Unix epoch. */
  readonly startedMs: number
  readonly endedMs: number
}

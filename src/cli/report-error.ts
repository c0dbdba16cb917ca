/**
 * The last word on an error that reached the top: a person's mistake in three parts, a refusal of the API server in
 * its own words, everything else as a bug of ours.
 */
import { ApiError } from '../api/index.ts'
import { UserError } from '../sim/index.ts'
import { EXIT } from './exit-codes.ts'

/** Prints it and gives the exit code. */
export function reportError(error: unknown): number {
  if (error instanceof UserError || error instanceof ApiError) {
    process.stderr.write(`${error instanceof UserError ? error.toString() : error.message}\n`)
    return EXIT.unusable
  }
  process.stderr.write(`bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  return EXIT.bug
}

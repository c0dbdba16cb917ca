/**
 * What a kubectl command works with: the API server as a client sees it, files, a clock, and somewhere to print.
 */
import type { Scheme } from '../api/index.ts'
import type { ApiPort } from '../client/index.ts'
import type { Routine, Simulation } from '../sim/index.ts'
import type { Arguments, FlagSpec } from './arguments.ts'

export interface KubectlContext {
  readonly sim: Simulation
  readonly api: ApiPort
  readonly scheme: Scheme
  /** The namespace of commands without `-n`. */
  readonly namespace: string
  /** A file named on the command line (`-` is standard input); undefined when there is none. */
  readFile(path: string): string | undefined
}

/** Where a command prints. Text comes with its newlines. */
export interface Output {
  out(text: string): void
  err(text: string): void
}

/** One call of one command. */
export interface Invocation {
  readonly context: KubectlContext
  readonly args: Arguments
  readonly output: Output
  /** From `-n`, or the context's. */
  readonly namespace: string
  /** Makes the exit code 1 while the command goes on (one of several objects was refused). */
  fail(): void
}

/** A verb. Throws KubectlError to give up. */
export interface Command {
  /** What is typed after `kubectl`: `get`, `rollout status`. */
  readonly name: string
  readonly aliases?: readonly string[]
  readonly flags: readonly FlagSpec[]
  run(invocation: Invocation): Routine<void>
}

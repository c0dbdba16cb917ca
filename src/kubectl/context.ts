/**
 * What a kubectl command works with: the API server as a client sees it, files, a clock, and somewhere to print.
 */
import type { Scheme } from '../api/index.ts'
import type { ApiPort } from '../client/index.ts'
import type { Routine, Simulation } from '../sim/index.ts'
import type { Arguments, FlagSpec } from './arguments.ts'

/** Where the API server is said to be, unless the context knows better. */
export const DEFAULT_SERVER_URL = 'https://127.0.0.1:6443'

export interface KubectlContext {
  readonly sim: Simulation
  readonly api: ApiPort
  readonly scheme: Scheme
  /** The namespace of commands without `-n`. */
  readonly namespace: string
  /** A file named on the command line (`-` is standard input); undefined when there is none. */
  readFile(path: string): string | undefined
  /** Where the API server is said to be: `https://10.0.0.1:6443`. */
  readonly serverUrl?: string
  /** The kubelets' side of `logs`; the command is refused without it. */
  readonly logs?: LogsPort
  /** The kubelets' side of `exec`; the command is refused without it. */
  readonly exec?: ExecPort
}

/** Which lines of a container's log are wanted. */
export interface LogOptions {
  /** Of the container before the last restart. */
  readonly previous: boolean
  /** At most so many lines, counted from the end. */
  readonly tailLines?: number
  /** Only lines written at or after this time, in ms since the Unix epoch. */
  readonly sinceMs?: number
  /** Each line begins with its RFC 3339 time and a space. */
  readonly timestamps: boolean
}

/** A container's log as its node has it, with newlines; undefined when there is no such container or log. */
export type LogsPort = (
  namespace: string,
  podName: string,
  container: string,
  options: LogOptions,
) => string | undefined

/** Runs a program in a container and gives what it printed; undefined when there is no such container running. */
export type ExecPort = (
  namespace: string,
  podName: string,
  container: string,
  command: readonly string[],
) => Routine<{ readonly stdout: string; readonly stderr: string; readonly exitCode: number } | undefined>

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
  /**
   * Makes the exit code 1 while the command goes on (one of several objects was refused). The message is printed
   * when the command has ended, as kubectl does with the errors it has gathered.
   */
  fail(message?: string): void
  /** Whether `fail` was called. */
  readonly hasFailed: boolean
}

/** A verb that is known and not modelled. */
export interface RefusedCommand {
  readonly name: string
  /** What is said instead, whatever the flags. */
  readonly refusal: string
}

/** A verb. Throws KubectlError to give up. */
export interface Command {
  /** What is typed after `kubectl`: `get`, `rollout status`. */
  readonly name: string
  readonly aliases?: readonly string[]
  readonly flags: readonly FlagSpec[]
  run(invocation: Invocation): Routine<void>
}

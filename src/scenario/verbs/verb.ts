/**
 * What a `$ sim` verb is: it reads its words before the lesson begins, so that a slip of the pen is found at once,
 * and gives what to do when its turn comes.
 */
import { type Cluster, parseSpan } from '../../cluster/index.ts'
import { UserError } from '../../sim/index.ts'
import type { Expression } from '../expression/expressions.ts'
import type { Play } from '../play.ts'

/** What a verb acts on when its turn comes. */
export interface Stage {
  readonly cluster: Cluster
  /** Prints; text comes with its newlines. */
  print(text: string): void
  /** Says that the step's expectation did not hold. */
  fail(expected: string, actual: string): void
  /** The same for what a lesson may want to show: no failure if exactly this output is expected. */
  refuse(expected: string, actual: string): void
}

/** A verb's words as read. */
export interface VerbCall {
  /** Words that are no flags. */
  readonly words: readonly string[]
  /** Values of a flag in order; none when it was not given. */
  readonly flags: ReadonlyMap<string, readonly string[]>
  /** `file:line:column` of the first place where this text stands in the command. */
  where(text: string): string
  /** Reads an expression. Throws UserError. */
  expression(text: string): Expression
}

export interface Verb {
  readonly name: string
  /** Its words and flags, for messages: `advance SPAN`. */
  readonly usage: string
  /** Flags it takes, all with a value. */
  readonly flags: readonly string[]
  /** Reads the call. Throws UserError. */
  read(call: VerbCall): (stage: Stage) => Play
}

/** The last value of a flag. */
export function flagOf(call: VerbCall, name: string): string | undefined {
  return call.flags.get(name)?.at(-1)
}

/** Whole ms of a flag's span, or `otherwise`. Throws UserError with its place. */
export function spanFlag(call: VerbCall, name: string, otherwise: number): number {
  const text = flagOf(call, name)
  return text === undefined ? otherwise : readSpan(call, text)
}

/** Whole ms of `30s` or `1h30m`. Throws UserError with its place. */
export function readSpan(call: VerbCall, text: string): number {
  try {
    return parseSpan(text)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UserError(error.message, { where: call.where(text), mend: error.mend })
  }
}

/** Exactly so many words. Throws UserError that shows the verb's usage. */
export function expectWords(call: VerbCall, usage: string, least: number, most = least): readonly string[] {
  const { length } = call.words
  if (length >= least && length <= most) return call.words
  const surplus = call.words[most]
  throw new UserError(surplus === undefined ? 'something is missing here' : `${surplus} is too much here`, {
    where: call.where(surplus ?? 'sim'),
    mend: `Write: sim ${usage}`,
  })
}

/** Who crashes or recovers: `node node-2`, `node-2`, `etcd`, `kube-scheduler`. Throws UserError. */
export function targetOf(call: VerbCall, usage: string): string {
  const [first = '', second] = expectWords(call, usage, 1, 2)
  if (second === undefined) return first
  if (first === 'node') return second
  return expectWords(call, usage, 1)[0]!
}

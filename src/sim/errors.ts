/**
 * The two kinds of failure that are not an API server's answer: a person's mistake and our own.
 */

/** Unusable input. Says what is wrong, where, and how to mend it; printed without a stack; exit code 2. */
export class UserError extends Error {
  override readonly name = 'UserError'
  /** Where the mistake stands: `file:line:column`, a flag, or a field path. */
  readonly where: string | undefined
  /** What to do about it, one sentence. */
  readonly mend: string | undefined

  constructor(what: string, options: { where?: string; mend?: string; cause?: unknown } = {}) {
    super(what, { cause: options.cause })
    this.where = options.where
    this.mend = options.mend
  }

  /** The three parts as a person reads them. */
  override toString(): string {
    return `${this.where ? `${this.where}: ` : ''}${this.message}${this.mend ? `\n  ${this.mend}` : ''}`
  }
}

/** A broken belief of ours: never the user's fault; exit code 70. The front ends add seed, time and trace. */
export class Bug extends Error {
  override readonly name = 'Bug'
}

/** Throws {@link Bug} unless `condition` holds. Messages state the belief in the positive. */
export function assert(condition: unknown, belief: string): asserts condition {
  if (!condition) throw new Bug(belief)
}

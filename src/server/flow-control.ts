/**
 * How many requests may be under way at once: 400 that only read and 200 that change something, as kube-apiserver's
 * `--max-requests-inflight` and `--max-mutating-requests-inflight`. Where it differs: upstream's priority levels
 * queue first; here what is too much is told to come back.
 */
import { type Status, statuses } from '../api/index.ts'

const READ_ONLY: ReadonlySet<string> = new Set(['get', 'list', 'watch', 'head', 'options'])

export class FlowControl {
  readonly #most: { readonly readOnly: number; readonly mutating: number }
  #readOnly = 0
  #mutating = 0

  constructor(most = { readOnly: 400, mutating: 200 }) {
    this.#most = most
  }

  get readOnly(): number {
    return this.#readOnly
  }

  get mutating(): number {
    return this.#mutating
  }

  /** Lets a request in; gives what ends it, or undefined when there are too many. */
  enter(verb: string): (() => void) | undefined {
    const isReadOnly = READ_ONLY.has(verb)
    if (isReadOnly ? this.#readOnly >= this.#most.readOnly : this.#mutating >= this.#most.mutating) {
      return undefined
    }
    const count = (by: number) => {
      if (isReadOnly) this.#readOnly += by
      else this.#mutating += by
    }
    count(1)
    let isOver = false
    return () => {
      if (!isOver) count(-1)
      isOver = true
    }
  }
}

/** 429 with Retry-After: 1, as upstream's. */
export const TOO_MANY: Status = Object.freeze(
  statuses.tooManyRequests('Too many requests, please try again later.', 1),
)

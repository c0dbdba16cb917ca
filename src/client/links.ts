/**
 * The state of the cables between named endpoints: how slow each pair is and which are cut. Conditions are laid
 * on an endpoint or on a pair; what holds for a pair is worked out when a condition changes, not per message.
 */
import { hash32, hash32Of, hashName } from '../sim/index.ts'

/** How a link is slowed: `latencyMs` is added to every hop after the usual delay was multiplied by `factor`. */
export interface Slowness {
  readonly latencyMs?: number
  readonly factor?: number
}

interface Condition {
  isCut: boolean
  latencyMs: number
  factor: number
}

/** The cable between two endpoints, one direction's chance included. */
export class Link {
  readonly from: string
  readonly to: string
  readonly #seed: number
  readonly #baseMs: number
  readonly #jitterMs: number
  #messages = 0
  #isCut = false
  #extraMs = 0
  #factor = 1

  constructor(seed: number, from: string, to: string, baseMs: number, jitterMs: number) {
    this.from = from
    this.to = to
    this.#seed = hash32(seed, hashName(from), hashName(to))
    this.#baseMs = baseMs
    this.#jitterMs = jitterMs
  }

  get isCut(): boolean {
    return this.#isCut
  }

  /** The delay of the next message, in whole ms: drawn from the link's own counter, so links do not disturb each other. */
  nextDelayMs(): number {
    const jitter = this.#jitterMs === 0 ? 0 : hash32Of(this.#seed, this.#messages++) % (this.#jitterMs + 1)
    const usual = this.#baseMs + jitter
    return this.#factor === 1 ? usual + this.#extraMs : Math.round(usual * this.#factor) + this.#extraMs
  }

  apply(conditions: readonly (Condition | undefined)[]): void {
    this.#isCut = false
    this.#extraMs = 0
    this.#factor = 1
    for (const condition of conditions) {
      if (!condition) continue
      if (condition.isCut) this.#isCut = true
      this.#extraMs += condition.latencyMs
      this.#factor *= condition.factor
    }
  }
}

/** Every link there is, and what was done to them. */
export class Links {
  readonly #seed: number
  readonly #baseMs: number
  readonly #jitterMs: number
  readonly #links = new Map<string, Link>()
  readonly #conditions = new Map<string, Condition>()

  constructor(seed: number, baseMs: number, jitterMs: number) {
    this.#seed = seed
    this.#baseMs = baseMs
    this.#jitterMs = jitterMs
  }

  /** The link for messages from `from` to `to`; always the same one. */
  between(from: string, to: string): Link {
    const key = `${from}>${to}`
    let link = this.#links.get(key)
    if (!link) {
      link = new Link(this.#seed, from, to, this.#baseMs, this.#jitterMs)
      this.#links.set(key, link)
      this.#refresh(link)
    }
    return link
  }

  cut(a: string, b?: string): void {
    this.#condition(a, b).isCut = true
    this.#refreshAll()
  }

  slow(a: string, b: string | undefined, slowness: Slowness): void {
    const condition = this.#condition(a, b)
    condition.latencyMs = slowness.latencyMs ?? 0
    condition.factor = slowness.factor ?? 1
    this.#refreshAll()
  }

  /** Takes every condition off the endpoint or pair; without arguments, off everything. */
  heal(a?: string, b?: string): void {
    if (a === undefined) this.#conditions.clear()
    else this.#conditions.delete(conditionKey(a, b))
    this.#refreshAll()
  }

  #condition(a: string, b: string | undefined): Condition {
    const key = conditionKey(a, b)
    let condition = this.#conditions.get(key)
    if (!condition) {
      condition = { isCut: false, latencyMs: 0, factor: 1 }
      this.#conditions.set(key, condition)
    }
    return condition
  }

  #refreshAll(): void {
    for (const link of this.#links.values()) this.#refresh(link)
  }

  #refresh(link: Link): void {
    link.apply([
      this.#conditions.get(link.from),
      this.#conditions.get(link.to),
      this.#conditions.get(conditionKey(link.from, link.to)),
    ])
  }
}

function conditionKey(a: string, b: string | undefined): string {
  if (b === undefined) return a
  return a < b ? `${a} ${b}` : `${b} ${a}`
}

/**
 * What a controller has asked for and not yet seen in its cache, per key (upstream's ControllerExpectations with
 * tracked uids). While something is missing the key is not reconciled, for at most five minutes: after that the
 * controller believes its cache again, which is how extra pods appear when an informer lags for long.
 */
import { CLIENT } from '../api/index.ts'

interface Expectation {
  creates: number
  readonly deletes: Set<string>
  sinceMs: number
}

export class Expectations {
  readonly #byKey = new Map<string, Expectation>()

  /** Expects `count` more creations for `key`. */
  expectCreates(key: string, count: number, nowMs: number): void {
    const expectation = this.#open(key, nowMs)
    expectation.creates += count
  }

  /** Expects the object of that uid to go. */
  expectDelete(key: string, uid: string, nowMs: number): void {
    this.#open(key, nowMs).deletes.add(uid)
  }

  /** `count` creations were seen, refused or never sent. True when that was the last thing missing. */
  lowerCreates(key: string, count: number): boolean {
    const expectation = this.#byKey.get(key)
    if (!expectation || expectation.creates === 0) return false
    expectation.creates = Math.max(0, expectation.creates - count)
    return this.#settle(key, expectation)
  }

  /** The object of that uid is gone or going, or its deletion failed. True when that was the last thing missing. */
  lowerDelete(key: string, uid: string): boolean {
    const expectation = this.#byKey.get(key)
    if (!expectation?.deletes.delete(uid)) return false
    return this.#settle(key, expectation)
  }

  /** Milliseconds until `key` may be reconciled although something is missing; 0 when nothing is. */
  waitMs(key: string, nowMs: number): number {
    const expectation = this.#byKey.get(key)
    if (!expectation) return 0
    const left = expectation.sinceMs + CLIENT.expectationsTimeoutMs - nowMs
    if (left > 0) return left
    this.#byKey.delete(key)
    return 0
  }

  forget(key: string): void {
    this.#byKey.delete(key)
  }

  #open(key: string, nowMs: number): Expectation {
    let expectation = this.#byKey.get(key)
    if (!expectation) {
      expectation = { creates: 0, deletes: new Set(), sinceMs: nowMs }
      this.#byKey.set(key, expectation)
    }
    expectation.sinceMs = nowMs
    return expectation
  }

  #settle(key: string, expectation: Expectation): boolean {
    if (expectation.creates > 0 || expectation.deletes.size > 0) return false
    this.#byKey.delete(key)
    return true
  }
}

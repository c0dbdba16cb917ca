/**
 * A controller's own last writes that its cache does not show yet. To look at an object now would be to count from
 * before, and to write in vain. Stands for what upstream's status writers do by reading the object again after a
 * conflict (`updateReplicaSetStatus`); it differs in that the conflict does not happen.
 */
import { CLIENT, type KubeObject } from '../api/index.ts'

interface Unseen {
  readonly revision: number
  readonly untilMs: number
}

export class UnseenWrites {
  readonly #byKey = new Map<string, Unseen>()

  /** The server has answered a write of the object under `key`. */
  written(key: string, object: KubeObject, nowMs: number): void {
    this.#byKey.set(key, { revision: revisionOf(object), untilMs: nowMs + CLIENT.requestTimeoutMs })
  }

  /**
   * How long to wait for the last write of `key` at most, where the cache shows `cached`; 0 when nothing is waited
   * for. A cache that lags for longer is believed again.
   */
  waitMs(key: string, cached: KubeObject | undefined, nowMs: number): number {
    const unseen = this.#byKey.get(key)
    if (!unseen) return 0
    if (cached && revisionOf(cached) < unseen.revision && nowMs < unseen.untilMs)
      return unseen.untilMs - nowMs
    this.#byKey.delete(key)
    return 0
  }

  /** The cache shows `object` now; true when that is what was waited for. */
  seen(key: string, object: KubeObject): boolean {
    const unseen = this.#byKey.get(key)
    if (!unseen || revisionOf(object) < unseen.revision) return false
    return this.#byKey.delete(key)
  }

  forget(key: string): void {
    this.#byKey.delete(key)
  }
}

function revisionOf(object: KubeObject): number {
  return Number(object.metadata.resourceVersion)
}

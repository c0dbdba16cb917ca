/**
 * The watches of a store: finds who is to hear of a change, and makes each event once for all of them.
 */
import type { Version } from './key-index.ts'
import { isInRange } from './key-range.ts'
import type { EtcdEvent, KeyRange } from './types.ts'
import { WatchIndex } from './watch-index.ts'

export interface Watcher<V> {
  readonly range: KeyRange
  readonly startRevision: number
  readonly hasPrevKv: boolean
  readonly receive: (event: EtcdEvent<V>) => void
}

export class Watchers<V> {
  readonly #index = new WatchIndex<Watcher<V>>()

  add(watcher: Watcher<V>): void {
    this.#index.add(watcher)
  }

  remove(watcher: Watcher<V>): void {
    this.#index.remove(watcher)
  }

  /** Tells one watcher of the past: the versions of `log` from position `first` on. */
  replay(watcher: Watcher<V>, log: readonly Version<V>[], first: number): void {
    for (let i = first; i < log.length; i++) {
      const version = log[i]!
      if (isInRange(version.kv.key, watcher.range)) watcher.receive(eventOf(version, watcher.hasPrevKv))
    }
  }

  /** Tells everyone concerned of the versions of `log` from position `first` on. */
  announce(log: readonly Version<V>[], first: number): void {
    for (let i = first; i < log.length; i++) {
      const version = log[i]!
      const watchers = this.#index.of(version.kv.key)
      if (watchers.length > 0) tell(version, watchers)
    }
  }
}

function tell<V>(version: Version<V>, watchers: readonly Watcher<V>[]): void {
  let full: EtcdEvent<V> | undefined
  let bare: EtcdEvent<V> | undefined
  for (const watcher of watchers) {
    if (version.kv.modRevision < watcher.startRevision) continue
    if (watcher.hasPrevKv) {
      full ??= eventOf(version, true)
      watcher.receive(full)
    } else {
      bare ??= eventOf(version, false)
      watcher.receive(bare)
    }
  }
}

function eventOf<V>(version: Version<V>, hasPrevKv: boolean): EtcdEvent<V> {
  const { kv, cause, history, older } = version
  const type = kv.version === 0 ? 'DELETE' : 'PUT'
  const prevKv = hasPrevKv && older && older.kv.version !== 0 ? older.kv : undefined
  return { type, kv, prevKv, cause, subject: history.subject }
}

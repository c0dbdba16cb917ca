/**
 * The versions of all keys: linked under each key, newest first, and in one log in order of revision. Reads at any
 * revision, replay and compaction work on these. Mirrors etcd's treeIndex and backend taken together.
 */
import type { Cause, Subject } from '../sim/index.ts'
import { ETCD_ERRORS, type EtcdError } from './errors.ts'
import { type KeyHistory, KeyIndex, type Version } from './key-index.ts'
import { isSingleKey, upperBound } from './key-range.ts'
import type { Snapshot } from './storage.ts'
import type { KeyRange, KeyValue } from './types.ts'

export class Versions<V> {
  readonly #index = new KeyIndex<V>()
  readonly #subjectOf: (key: string) => Subject
  /** Every version from the compacted revision on. */
  #log: Version<V>[] = []
  #revision = 1
  #compactRevision = 0

  constructor(subjectOf: (key: string) => Subject) {
    this.#subjectOf = subjectOf
  }

  /** The revision of the last finished change. */
  get revision(): number {
    return this.#revision
  }

  get compactRevision(): number {
    return this.#compactRevision
  }

  /** The revision that a read sees: inside a transaction that has changed something, the one being made. */
  get seenRevision(): number {
    return Math.max(this.#revision, this.#log[this.#log.length - 1]?.kv.modRevision ?? 0)
  }

  get keyCount(): number {
    return this.#index.size
  }

  get log(): readonly Version<V>[] {
    return this.#log
  }

  history(key: string): KeyHistory<V> | undefined {
    return this.#index.get(key)
  }

  /** The history of a key that is about to be written. */
  historyForWrite(key: string): KeyHistory<V> {
    return this.#index.get(key) ?? this.newHistory(key)
  }

  /** The history of a key that has none. */
  newHistory(key: string): KeyHistory<V> {
    const history = { key, subject: this.#subjectOf(key), newest: undefined }
    this.#index.add(history)
    return history
  }

  /** Every history in a range, deleted keys included, in order of key. */
  histories(range: KeyRange): readonly KeyHistory<V>[] {
    if (!isSingleKey(range)) return this.#index.between(range.key, upperBound(range))
    const history = this.#index.get(range.key)
    return history ? [history] : []
  }

  /** The living pairs of a range as of `revision`, in order of key. A fresh array. */
  select(range: KeyRange, revision: number): KeyValue<V>[] {
    const kvs: KeyValue<V>[] = []
    for (const { newest } of this.histories(range)) {
      let version = newest
      while (version && version.kv.modRevision > revision) version = version.older
      if (version && !isDeletion(version)) kvs.push(version.kv)
    }
    return kvs
  }

  /** Adds the newest version of a key, at the revision being made. */
  append(history: KeyHistory<V>, kv: KeyValue<V>, cause: Cause): Version<V> {
    const version = { kv, history, cause, older: history.newest }
    history.newest = version
    this.#log.push(version)
    return version
  }

  /** Ends the revision being made. */
  finishRevision(): void {
    this.#revision++
  }

  /** Where in the log the first change at or after `revision` stands. */
  logPosition(revision: number): number {
    let low = 0
    let high = this.#log.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#log[middle]!.kv.modRevision < revision) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Why nothing can be read at `revision`; undefined when it can. */
  refuseRevision(revision: number): EtcdError | undefined {
    if (revision > this.#revision) return ETCD_ERRORS.futureRevision
    if (revision < this.#compactRevision) return ETCD_ERRORS.compacted
    return undefined
  }

  /** Forgets every version that no read at `revision` or later can see. */
  compact(revision: number): EtcdError | undefined {
    if (revision <= this.#compactRevision) return ETCD_ERRORS.compacted
    if (revision > this.#revision) return ETCD_ERRORS.futureRevision
    this.#compactRevision = revision
    const end = this.logPosition(revision + 1)
    for (let i = 0; i < end; i++) this.#compactVersion(this.#log[i]!)
    this.#log = this.#log.slice(this.logPosition(revision))
    return undefined
  }

  /** Everything that {@link restore} needs, in order of revision. */
  snapshot(): Snapshot<V>['versions'] {
    const base: Version<V>[] = []
    for (const { newest } of this.#index.all()) {
      let version = newest
      while (version?.older) version = version.older
      if (version && version.kv.modRevision < this.#compactRevision && !isDeletion(version))
        base.push(version)
    }
    base.sort((a, b) => a.kv.modRevision - b.kv.modRevision)
    return [...base, ...this.#log].map(({ kv, cause }) => ({ kv, cause }))
  }

  restore(snapshot: Snapshot<V>): void {
    this.#revision = snapshot.revision
    this.#compactRevision = snapshot.compactRevision
    for (const { kv, cause } of snapshot.versions) {
      const version = this.append(this.historyForWrite(kv.key), kv, cause)
      if (kv.modRevision <= this.#compactRevision) this.#compactVersion(version)
    }
    this.#log = this.#log.slice(this.logPosition(this.#compactRevision))
  }

  /**
   * Lets go of what nobody can see behind a version at or below the compacted revision: the versions it
   * superseded, and the whole key if it is deleted. The log keeps the changes of the compacted revision itself, so
   * that a watch may begin there.
   */
  #compactVersion(version: Version<V>): void {
    version.older = undefined
    const { history } = version
    if (history.newest === version && isDeletion(version)) this.#index.drop(history)
  }
}

function isDeletion<V>(version: Version<V>): boolean {
  return version.kv.version === 0
}

/** The key's pair as it stands; undefined when there is none. */
export function living<V>(history: KeyHistory<V> | undefined): KeyValue<V> | undefined {
  const newest = history?.newest
  return newest && !isDeletion(newest) ? newest.kv : undefined
}

/**
 * One watch of a member: gathers what the store announces and hands it to the sink once a millisecond.
 */
import type { Label, Scope } from '../sim/index.ts'
import type { MvccStore } from './mvcc-store.ts'
import type { EtcdEvent, WatchRequest, WatchSink } from './types.ts'

export class WatchStream<V> {
  readonly #scope: Scope
  readonly #label: Label
  readonly #latencyMs: number
  readonly #store: MvccStore<V>
  readonly #owner: { readonly isAlive: boolean } | undefined
  readonly #sink: WatchSink<V>
  readonly #unwatch: () => void
  #pending: EtcdEvent<V>[] = []
  #isClosed = false

  constructor(
    scope: Scope,
    label: Label,
    latencyMs: number,
    store: MvccStore<V>,
    request: WatchRequest,
    sink: WatchSink<V>,
  ) {
    this.#scope = scope
    this.#label = label
    this.#latencyMs = latencyMs
    this.#store = store
    this.#owner = request.owner
    this.#sink = sink
    const result = store.watch(request, request, event => this.#receive(event))
    this.#unwatch = result.ok ? result.response : () => {}
    if (!result.ok) scope.schedule(latencyMs, label, this.#refuse, store.compactRevision)
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#pending = []
    this.#unwatch()
  }

  #receive(event: EtcdEvent<V>): void {
    if (this.#pending.push(event) > 1) return
    this.#scope.schedule(this.#latencyMs, this.#label, this.#deliver, undefined, event.subject, event.cause)
  }

  readonly #deliver = (): void => {
    if (this.#isOver()) return
    const events = this.#pending
    this.#pending = []
    this.#sink.deliver(events, this.#store.revision)
  }

  readonly #refuse = (compactRevision: number): void => {
    if (this.#isOver()) return
    this.#isClosed = true
    this.#sink.canceled(compactRevision)
  }

  /** A watch whose client is gone ends at the first thing it would have been told. */
  #isOver(): boolean {
    if (this.#owner && !this.#owner.isAlive) this.close()
    return this.#isClosed
  }
}

/**
 * The API server's client of etcd (upstream: clientv3): hands requests to the present member, answers what a dead
 * member left unanswered with `Unavailable`, and takes watches up again where they stood once it is back.
 */
import type { KubeObject } from '../api/index.ts'
import type {
  EtcdError,
  EtcdEvent,
  EtcdMemberPort,
  EtcdPort,
  EtcdResult,
  OptimisticWrite,
  RangeRequest,
  RangeResponse,
  Reply,
  TxnRequest,
  TxnResponse,
  WatchHandle,
  WatchRequest,
  WatchSink,
} from '../etcd/index.ts'
import { Chain, type Label, type Scope } from '../sim/index.ts'

const UNAVAILABLE: EtcdError = Object.freeze({
  code: 'Unavailable',
  message: 'etcdserver: request timed out',
})
/** How long clientv3 waits for a member that does not answer, as the API server sets it. */
const TIMEOUT_MS = 7000

type Write = OptimisticWrite<KubeObject>

interface Following {
  readonly request: WatchRequest
  readonly sink: WatchSink<KubeObject>
  /** The first revision that has not been delivered. */
  nextRevision: number | undefined
  handle: WatchHandle | undefined
}

export class EtcdClient implements EtcdPort<KubeObject> {
  readonly #scope: Scope
  readonly #member: () => EtcdMemberPort<KubeObject> | undefined
  readonly #label: Label
  readonly #unanswered = new Set<(result: EtcdResult<never>) => void>()
  /** The same of writes, which are many. */
  readonly #writes = new Chain<Write>()
  readonly #watches = new Set<Following>()

  constructor(scope: Scope, member: () => EtcdMemberPort<KubeObject> | undefined) {
    this.#scope = scope
    this.#member = member
    this.#label = scope.sim.label('etcd-client/timeout')
  }

  get isReachable(): boolean {
    return this.#member() !== undefined
  }

  /** The member has died: its answers will never come. Writes are refused after all else. */
  memberDied(): void {
    for (const watch of this.#watches) watch.handle = undefined
    const lost = [...this.#unanswered]
    this.#unanswered.clear()
    for (const reply of lost) this.#refuse(reply, TIMEOUT_MS)
    for (let write = this.#writes.first; write; write = this.#writes.first) {
      this.#writes.remove(write)
      this.#refuseWrite(write)
    }
  }

  /** A member is there again. */
  memberStarted(): void {
    for (const watch of this.#watches) this.#follow(watch)
  }

  range(request: RangeRequest, reply: Reply<RangeResponse<KubeObject>>): void {
    this.#ask(reply, (member, once) => member.range(request, once))
  }

  txn(request: TxnRequest<KubeObject>, reply: Reply<TxnResponse<KubeObject>>): void {
    const member = this.#member()
    if (member) member.txn(request, this.#expect(reply))
    else this.#refuse(reply, TIMEOUT_MS)
  }

  optimisticWrite(write: Write): void {
    const member = this.#member()
    if (!member) {
      this.#refuseWrite(write)
      return
    }
    this.#writes.add(write)
    member.optimisticWrite(write, this.#answered)
  }

  readonly #answered = (result: Parameters<Write['answered']>[0], write: Write): void => {
    if (this.#writes.remove(write)) write.answered(result)
  }

  #refuseWrite(write: Write): void {
    this.#refuse(result => write.answered(result), TIMEOUT_MS)
  }

  compact(revision: number, reply: Reply<{ readonly revision: number }>): void {
    this.#ask(reply, (member, once) => member.compact(revision, once))
  }

  leaseGrant(ttlSeconds: number, reply: Parameters<EtcdPort<KubeObject>['leaseGrant']>[1]): void {
    this.#ask(reply, (member, once) => member.leaseGrant(ttlSeconds, once))
  }

  leaseRevoke(id: number, reply: Parameters<EtcdPort<KubeObject>['leaseRevoke']>[1]): void {
    this.#ask(reply, (member, once) => member.leaseRevoke(id, once))
  }

  leaseKeepAlive(id: number, reply: Parameters<EtcdPort<KubeObject>['leaseKeepAlive']>[1]): void {
    this.#ask(reply, (member, once) => member.leaseKeepAlive(id, once))
  }

  leaseTimeToLive(id: number, reply: Parameters<EtcdPort<KubeObject>['leaseTimeToLive']>[1]): void {
    this.#ask(reply, (member, once) => member.leaseTimeToLive(id, once))
  }

  watch(request: WatchRequest, sink: WatchSink<KubeObject>): WatchHandle {
    const watch: Following = {
      request,
      sink: {
        deliver: (events: readonly EtcdEvent<KubeObject>[], revision: number) => {
          watch.nextRevision = revision + 1
          sink.deliver(events, revision)
        },
        canceled: compactRevision => {
          this.#watches.delete(watch)
          sink.canceled(compactRevision)
        },
      },
      nextRevision: request.startRevision,
      handle: undefined,
    }
    this.#watches.add(watch)
    this.#follow(watch)
    return {
      cancel: () => {
        this.#watches.delete(watch)
        watch.handle?.cancel()
      },
    }
  }

  #follow(watch: Following): void {
    const member = this.#member()
    if (!member) return
    const from = watch.nextRevision === undefined ? {} : { startRevision: watch.nextRevision }
    watch.handle = member.watch({ ...watch.request, ...from }, watch.sink)
  }

  #ask<R>(reply: Reply<R>, send: (member: EtcdPort<KubeObject>, once: Reply<R>) => void): void {
    const member = this.#member()
    if (!member) {
      this.#refuse(reply, TIMEOUT_MS)
      return
    }
    send(member, this.#expect(reply))
  }

  /** The reply to hand to a member: given up when the member dies first. */
  #expect<R>(reply: Reply<R>): Reply<R> {
    this.#unanswered.add(reply)
    return result => {
      if (this.#unanswered.delete(reply)) reply(result)
    }
  }

  #refuse(reply: (result: EtcdResult<never>) => void, afterMs: number): void {
    this.#scope.schedule(afterMs, this.#label, give => give({ ok: false, error: UNAVAILABLE }), reply)
  }
}

/**
 * Empties a namespace that is being deleted, pods first, and then lets it go. Mirrors `pkg/controller/namespace`
 * with OrderedNamespaceDeletion; differs in knowing the kinds from a list instead of discovery.
 */
import {
  type AnyKind,
  type KubeList,
  type KubeObject,
  type Namespace,
  Namespaces,
  type Pod,
  Pods,
} from '../../api/index.ts'
import {
  type ApiPort,
  call,
  getObject,
  type Informers,
  listObjects,
  requestFor,
  updateObject,
  WorkerPool,
  type WorkResult,
} from '../../client/index.ts'
import type { Routine, Scope } from '../../sim/index.ts'
import { isPodFinished } from '../shared/pod-state.ts'
import { conditionsAfter, type Remaining } from './conditions.ts'

export interface NamespaceOptions {
  readonly api: ApiPort
  readonly informers: Informers
  /** Every kind; those without a namespace are passed over. */
  readonly kinds: readonly AnyKind[]
  /** Kinds made at run time, as discovery has them now. */
  readonly customKinds: () => readonly AnyKind[]
}

const FINALIZER = 'kubernetes'
/** Lets every API server see that the namespace is going before it is emptied. */
const DELETION_GRACE_MS = 5_000
/** How long finalizers of contents are given before a new look, doubled as pods' grace is. */
const FINALIZER_ESTIMATE_SECONDS = 15
const QUEUE = {
  workers: 10,
  subjectPrefix: '/registry/namespaces/',
  maxBackoffMs: 60_000,
  qps: Number.POSITIVE_INFINITY,
}

export class NamespaceController {
  readonly #scope: Scope
  readonly #api: ApiPort
  readonly #informers: Informers
  readonly #kinds: readonly AnyKind[]
  readonly #customKinds: () => readonly AnyKind[]
  readonly #pool: WorkerPool

  constructor(scope: Scope, options: NamespaceOptions) {
    this.#scope = scope
    this.#api = options.api
    this.#informers = options.informers
    this.#customKinds = options.customKinds
    this.#kinds = options.kinds.filter(kind => kind.isNamespaced && kind !== Pods)
    this.#pool = new WorkerPool(scope, 'namespace', QUEUE, name => this.#sync(name))
    const enqueue = (namespace: Namespace, key: string) => {
      if (namespace.metadata.deletionTimestamp) this.#pool.queue.addAfter(key, DELETION_GRACE_MS)
    }
    this.#informers
      .of(Namespaces)
      .addHandler({ added: enqueue, updated: (now, _old, key) => enqueue(now, key) })
  }

  start(): void {
    this.#informers.start()
    this.#informers.whenSynced(() => this.#pool.start())
  }

  *#sync(name: string): Routine<WorkResult> {
    const found = yield* getObject(this.#api, Namespaces, '', name)
    if (!found.ok) return found.code === 404 ? 'done' : 'retry'
    const namespace = found.object
    if (!namespace.metadata.deletionTimestamp) return 'done'
    if (!namespace.spec.finalizers?.includes(FINALIZER)) return 'done'
    const failures: string[] = []
    const remaining = yield* this.#empty(name, failures)
    const described = yield* this.#describe(namespace, remaining, failures)
    if (!described || failures.length > 0) return 'retry'
    if (remaining.length > 0) return { againAfterMs: (Math.floor(estimate(remaining) / 2) + 1) * 1000 }
    const finalizers = namespace.spec.finalizers.filter(one => one !== FINALIZER)
    const finished = { ...described, spec: { ...described.spec, finalizers } }
    const result = yield* updateObject(this.#api, Namespaces, finished, 'finalize')
    return result.ok || result.code === 404 ? 'done' : 'retry'
  }

  /** Deletes what there is; other kinds only when no pod is left. Gives what remains. */
  *#empty(name: string, failures: string[]): Routine<readonly Remaining[]> {
    const pods = yield* this.#emptyOf(Pods, name, failures)
    if (pods.objects.length > 0) return [pods]
    const remaining: Remaining[] = []
    const custom = this.#customKinds().filter(kind => kind.isNamespaced && !kind.storedAs)
    for (const kind of [...this.#kinds, ...custom]) {
      const rest = yield* this.#emptyOf(kind, name, failures)
      if (rest.objects.length > 0) remaining.push(rest)
    }
    return remaining
  }

  *#emptyOf(kind: AnyKind, namespace: string, failures: string[]): Routine<Remaining> {
    const options = { propagationPolicy: 'Background' as const }
    const deleted = yield* call(this.#api, requestFor('deletecollection', kind, namespace, '', { options }))
    if (!deleted.ok) failures.push(deleted.status.message ?? kind.plural)
    const listed = yield* listObjects<KubeObject>(this.#api, kind, namespace)
    if (!listed.ok) {
      failures.push(listed.status.message ?? kind.plural)
      return { kind, objects: [] }
    }
    return { kind, objects: (listed.object as KubeList).items }
  }

  /** Writes the conditions if they changed; gives the namespace as it is then, undefined when refused. */
  *#describe(
    namespace: Namespace,
    remaining: readonly Remaining[],
    failures: readonly string[],
  ): Routine<Namespace | undefined> {
    const timestamp = this.#scope.sim.timestamp()
    const conditions = conditionsAfter(namespace, remaining, failures, timestamp)
    if (conditions === namespace.status.conditions) return namespace
    const described = { ...namespace, status: { ...namespace.status, conditions } }
    const result = yield* updateObject(this.#api, Namespaces, described, 'status')
    return result.ok ? result.object : undefined
  }
}

/** Seconds until what remains should be gone: the longest grace of a pod, or what finalizers are given. */
function estimate(remaining: readonly Remaining[]): number {
  let seconds = 0
  for (const { kind, objects } of remaining) {
    if (kind !== Pods) seconds = Math.max(seconds, FINALIZER_ESTIMATE_SECONDS)
    else
      for (const pod of objects as readonly Pod[]) {
        if (!isPodFinished(pod)) seconds = Math.max(seconds, pod.spec.terminationGracePeriodSeconds ?? 0)
      }
  }
  return seconds
}

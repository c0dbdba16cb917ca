/**
 * Deletes what has lost its owners: in the background, in the foreground (the owner waits for its dependents) or
 * not at all (orphans are cut loose). Mirrors `pkg/controller/garbagecollector`; differs in taking an object's own
 * state, and that of owners it watches, from its informers where upstream asks the API server: deletions carry uid
 * and resourceVersion as preconditions, so a stale view is refused. A reference that crosses namespaces counts as
 * one to an absent owner, without upstream's event.
 */
import {
  type AnyKind,
  CustomResourceDefinitions,
  Events,
  type KubeObject,
  NAMES,
  type OwnerReference,
} from '../../api/index.ts'
import {
  type ApiPort,
  call,
  deleteObject,
  type Informers,
  requestFor,
  WorkerPool,
  type WorkResult,
} from '../../client/index.ts'
import { LIMITS, type Routine, type Scope } from '../../sim/index.ts'
import { blockingDependents, deletionOf, type GraphNode, OwnerGraph } from './graph.ts'

export interface GarbageCollectorOptions {
  readonly api: ApiPort
  readonly informers: Informers
  /** Every kind that may own or be owned; Events are left out. */
  readonly kinds: readonly AnyKind[]
  /** Kinds made at run time, as discovery has them now. */
  readonly customKinds: () => readonly AnyKind[]
}

/** `--concurrent-gc-syncs`. */
const WORKERS = 20

type OwnerState = 'solid' | 'dangling' | 'waiting' | 'unknown'

export class GarbageCollector {
  readonly #api: ApiPort
  readonly #informers: Informers
  readonly #kinds: AnyKind[] = []
  readonly #customKinds: () => readonly AnyKind[]
  readonly #graph: OwnerGraph
  readonly #deletions: WorkerPool
  readonly #orphanings: WorkerPool
  /** Owners known to be gone: uids never come back. */
  readonly #absent = new Set<string>()

  constructor(scope: Scope, options: GarbageCollectorOptions) {
    this.#api = options.api
    this.#informers = options.informers
    this.#customKinds = options.customKinds
    this.#graph = new OwnerGraph(reference => this.#kindOf(reference))
    this.#deletions = new WorkerPool(scope, 'garbage-collector/delete', { workers: WORKERS }, uid =>
      this.#attemptToDelete(uid),
    )
    this.#orphanings = new WorkerPool(scope, 'garbage-collector/orphan', { workers: WORKERS }, uid =>
      this.#orphanDependents(uid),
    )
    for (const kind of options.kinds) this.#follow(kind)
    const resync = () => this.#followCustom()
    this.#informers
      .of(CustomResourceDefinitions)
      .addHandler({ added: resync, updated: resync, deleted: resync })
  }

  start(): void {
    this.#informers.start()
    this.#informers.whenSynced(() => {
      this.#deletions.start()
      this.#orphanings.start()
    })
  }

  /** Watches the custom resources there are; differs from upstream, which asks every half minute. */
  #followCustom(): void {
    const present = this.#customKinds().filter(kind => !kind.storedAs)
    for (const kind of this.#kinds.filter(kind => kind.definedBy && !present.includes(kind))) {
      this.#kinds.splice(this.#kinds.indexOf(kind), 1)
      this.#informers.forget(kind)
    }
    for (const kind of present) this.#follow(kind)
  }

  #follow(kind: AnyKind): void {
    if (kind === Events || this.#kinds.includes(kind)) return
    this.#kinds.push(kind)
    this.#informers.of<KubeObject>(kind).addHandler({
      added: object => this.#observe(kind, object),
      updated: (object, old) => {
        const [now, before] = [object.metadata, old.metadata]
        const isSame =
          now.ownerReferences === before.ownerReferences &&
          now.deletionTimestamp === before.deletionTimestamp &&
          now.finalizers === before.finalizers
        if (!isSame) this.#observe(kind, object)
      },
      deleted: object => this.#removed(object.metadata.uid),
    })
  }

  #kindOf(reference: OwnerReference): AnyKind | undefined {
    const isNamed = (kind: AnyKind) =>
      kind.kind === reference.kind && kind.apiVersion === reference.apiVersion
    const found = this.#kinds.find(isNamed) ?? this.#customKinds().find(isNamed)
    return found?.storedAs?.kind ?? found
  }

  #observe(kind: AnyKind, object: KubeObject): void {
    const { node, unseen } = this.#graph.observe(kind, object)
    for (const owner of unseen) this.#deletions.queue.add(owner.uid)
    const { isForeground, isOrphan } = deletionOf(object)
    node.isBeingDeleted = object.metadata.deletionTimestamp !== undefined
    if (isForeground && !node.isDeletingDependents) {
      node.isDeletingDependents = true
      for (const dependent of node.dependents) this.#deletions.queue.add(dependent.uid)
      this.#deletions.queue.add(node.uid)
    }
    if (isOrphan && !node.isOrphaning) {
      node.isOrphaning = true
      this.#orphanings.queue.add(node.uid)
    }
    // An owner that came to be deleted before this reference was seen must look at it too.
    if (!node.isBeingDeleted && node.owners.some(owner => this.#absent.has(owner.uid)))
      this.#deletions.queue.add(node.uid)
  }

  #removed(uid: string): void {
    const node = this.#graph.remove(uid)
    if (!node) return
    if (node.dependents.size > 0) {
      this.#absent.add(uid)
      if (this.#absent.size > LIMITS.memoisedValues) {
        this.#absent.delete(this.#absent.values().next().value as string)
      }
      for (const dependent of node.dependents) this.#deletions.queue.add(dependent.uid)
    }
    for (const { uid: ownerUid } of node.owners) {
      if (this.#graph.get(ownerUid)?.isDeletingDependents) this.#deletions.queue.add(ownerUid)
    }
  }

  *#attemptToDelete(uid: string): Routine<WorkResult> {
    const node = this.#graph.get(uid)
    if (!node) return 'done'
    if (node.isVirtual) return yield* this.#verify(node)
    if (node.isDeletingDependents) return yield* this.#finishForeground(node)
    if (node.isBeingDeleted || node.owners.length === 0) return 'done'
    const states = new Map<OwnerReference, OwnerState>()
    for (const reference of node.owners) {
      const state: OwnerState = this.#absent.has(reference.uid)
        ? 'dangling'
        : yield* this.#ownerState(node, reference)
      if (state === 'unknown') return 'retry'
      states.set(reference, state)
    }
    const object = this.#objectOf(node)
    if (!object) return 'done'
    const inState = (wanted: OwnerState) => node.owners.filter(owner => states.get(owner) === wanted)
    const superfluous = [...inState('dangling'), ...inState('waiting')]
    if (inState('solid').length > 0) {
      return superfluous.length > 0 ? yield* this.#dropOwners(node, superfluous) : 'done'
    }
    const isWaitedFor = inState('waiting').length > 0 && node.dependents.size > 0
    if (isWaitedFor && [...node.dependents].some(dependent => dependent.isDeletingDependents)) {
      // Two objects that own each other and are both deleted in the foreground must not wait for each other.
      const result = yield* this.#unblockOwners(node)
      if (result !== 'done') return result
    }
    return yield* this.#delete(node, object, isWaitedFor)
  }

  /** Looks for an owner that was only heard of. */
  *#verify(node: GraphNode): Routine<WorkResult> {
    if (!node.kind) return 'done'
    const result = yield* call(this.#api, requestFor('get', node.kind, node.namespace, node.name))
    if (this.#graph.get(node.uid) !== node) return 'done'
    if (result.ok ? result.object.metadata.uid !== node.uid : result.code === 404) {
      this.#removed(node.uid)
      return 'done'
    }
    return 'retry'
  }

  *#ownerState(node: GraphNode, reference: OwnerReference): Routine<OwnerState> {
    const known = this.#graph.get(reference.uid)
    if (known && !known.isVirtual) {
      if (known.namespace !== '' && known.namespace !== node.namespace) return 'dangling'
      return known.isDeletingDependents ? 'waiting' : 'solid'
    }
    const kind = this.#kindOf(reference)
    if (!kind) return 'unknown'
    const namespace = kind.isNamespaced ? node.namespace : ''
    const result = yield* call(this.#api, requestFor('get', kind, namespace, reference.name))
    if (!result.ok) return result.code === 404 ? 'dangling' : 'unknown'
    if (result.object.metadata.uid !== reference.uid) return 'dangling'
    return deletionOf(result.object).isForeground ? 'waiting' : 'solid'
  }

  *#delete(node: GraphNode, object: KubeObject, isForeground: boolean): Routine<WorkResult> {
    const { finalizers = [], uid, resourceVersion } = object.metadata
    let propagationPolicy: 'Background' | 'Foreground' | 'Orphan' = 'Background'
    if (isForeground || finalizers.includes(NAMES.foregroundFinalizer)) propagationPolicy = 'Foreground'
    if (!isForeground && finalizers.includes(NAMES.orphanFinalizer)) propagationPolicy = 'Orphan'
    const result = yield* deleteObject(this.#api, node.kind!, object, {
      propagationPolicy,
      preconditions: { uid, resourceVersion },
    })
    return result.ok || result.code === 404 ? 'done' : 'retry'
  }

  /** Lets an owner go whose dependents are gone, or sees that they go. */
  *#finishForeground(node: GraphNode): Routine<WorkResult> {
    const blocking = blockingDependents(node)
    if (blocking.length === 0) return yield* this.#removeFinalizer(node, NAMES.foregroundFinalizer)
    for (const dependent of blocking) {
      if (!dependent.isDeletingDependents) this.#deletions.queue.add(dependent.uid)
    }
    return 'done'
  }

  *#orphanDependents(uid: string): Routine<WorkResult> {
    const node = this.#graph.get(uid)
    if (!node) return 'done'
    for (const dependent of [...node.dependents]) {
      const result = yield* this.#dropOwners(dependent, [{ uid } as OwnerReference])
      if (result !== 'done') return 'retry'
    }
    return yield* this.#removeFinalizer(node, NAMES.orphanFinalizer)
  }

  /** Takes references out of an object. */
  *#dropOwners(node: GraphNode, owners: readonly OwnerReference[]): Routine<WorkResult> {
    return yield* this.#patch(node, {
      metadata: {
        uid: node.uid,
        ownerReferences: owners.map(({ uid }) => ({ $patch: 'delete', uid })),
      },
    })
  }

  *#unblockOwners(node: GraphNode): Routine<WorkResult> {
    return yield* this.#patch(node, {
      metadata: {
        uid: node.uid,
        ownerReferences: node.owners.map(owner => ({ ...owner, blockOwnerDeletion: false })),
      },
    })
  }

  *#patch(node: GraphNode, body: { metadata: OwnerPatch }): Routine<WorkResult> {
    // Custom resources know no strategic merge: their references are replaced as a whole.
    if (node.kind?.definedBy) {
      const object = this.#objectOf(node)
      if (!object) return 'done'
      const { resourceVersion, ownerReferences = [] } = object.metadata
      const metadata = { resourceVersion, ownerReferences: mergedOwners(ownerReferences, body.metadata) }
      const result = yield* call(
        this.#api,
        requestFor('patch', node.kind, node.namespace, node.name, {
          body: { metadata },
          options: { patchType: 'merge' },
        }),
      )
      return result.ok || result.code === 404 ? 'done' : 'retry'
    }
    const result = yield* call(
      this.#api,
      requestFor('patch', node.kind!, node.namespace, node.name, {
        body,
        options: { patchType: 'strategic' },
      }),
    )
    // Gone, or another object by that name: nothing is left to change.
    return result.ok || result.code === 404 || result.code === 422 ? 'done' : 'retry'
  }

  *#removeFinalizer(node: GraphNode, finalizer: string): Routine<WorkResult> {
    const object = this.#objectOf(node)
    if (!object?.metadata.finalizers?.includes(finalizer)) return 'done'
    const { resourceVersion, finalizers } = object.metadata
    const body = { metadata: { resourceVersion, finalizers: finalizers.filter(one => one !== finalizer) } }
    const result = yield* call(
      this.#api,
      requestFor('patch', node.kind!, node.namespace, node.name, { body, options: { patchType: 'merge' } }),
    )
    return result.ok || result.code === 404 ? 'done' : 'retry'
  }

  /** The object as last seen, if it is still that one. */
  #objectOf(node: GraphNode): KubeObject | undefined {
    const object = this.#informers.of<KubeObject>(node.kind!).get(node.namespace, node.name)
    return object?.metadata.uid === node.uid ? object : undefined
  }
}

interface OwnerPatch {
  readonly uid: string
  readonly ownerReferences: readonly (Partial<OwnerReference> & { readonly $patch?: string })[]
}

/** What a strategic merge would make of the references. */
function mergedOwners(present: readonly OwnerReference[], { ownerReferences }: OwnerPatch): OwnerReference[] {
  return present.flatMap(owner => {
    const change = ownerReferences.find(({ uid }) => uid === owner.uid)
    if (!change) return [owner]
    return change.$patch === 'delete' ? [] : [{ ...owner, ...change }]
  })
}

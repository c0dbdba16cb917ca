/**
 * Who owns whom, by uid: upstream's `uidToNode`. Owners that are referred to but were never seen stand in it as
 * virtual nodes until somebody has looked for them at the API server.
 */
import type { AnyKind, KubeObject, OwnerReference } from '../../api/index.ts'
import { NAMES } from '../../api/index.ts'

/** An object as the graph knows it. */
export interface GraphNode {
  readonly uid: string
  readonly kind: AnyKind | undefined
  readonly namespace: string
  readonly name: string
  owners: readonly OwnerReference[]
  dependents: ReadonlySet<GraphNode>
  /** Known only from others' references. */
  isVirtual: boolean
  isBeingDeleted: boolean
  /** Its deletion waits for its dependents (foreground). */
  isDeletingDependents: boolean
  /** Its deletion waits for its dependents to be cut loose. */
  isOrphaning: boolean
}

/** Most objects own nothing: their empty set is one. */
const NOBODY: ReadonlySet<GraphNode> = new Set()
const NONE: readonly OwnerReference[] = Object.freeze([])

export class OwnerGraph {
  readonly #nodes = new Map<string, GraphNode>()
  readonly #kindOf: (reference: OwnerReference) => AnyKind | undefined

  /** `kindOf` finds the kind that a reference names, undefined when there is none. */
  constructor(kindOf: (reference: OwnerReference) => AnyKind | undefined) {
    this.#kindOf = kindOf
  }

  get(uid: string): GraphNode | undefined {
    return this.#nodes.get(uid)
  }

  /** Takes note of an object as it is; gives its node and the owners that nobody has seen yet. */
  observe(kind: AnyKind, object: KubeObject): { node: GraphNode; unseen: readonly GraphNode[] } {
    const { uid, namespace = '', name, ownerReferences = NONE } = object.metadata
    let node = this.#nodes.get(uid)
    if (!node || node.isVirtual) {
      // What was only referred to may have been described wrongly: the object itself knows best.
      const dependents = node?.dependents ?? NOBODY
      node = newNode(uid, kind, namespace, name, dependents)
      this.#nodes.set(uid, node)
    }
    const unseen = node.owners === ownerReferences ? [] : this.#relink(node, ownerReferences)
    return { node, unseen }
  }

  /** Takes an object out; gives its node as it was. */
  remove(uid: string): GraphNode | undefined {
    const node = this.#nodes.get(uid)
    if (!node) return undefined
    this.#nodes.delete(uid)
    this.#cutLoose(node)
    return node
  }

  #relink(node: GraphNode, owners: readonly OwnerReference[]): GraphNode[] {
    this.#cutLoose(node)
    node.owners = owners
    const unseen: GraphNode[] = []
    for (const reference of owners) {
      let owner = this.#nodes.get(reference.uid)
      if (!owner) {
        const kind = this.#kindOf(reference)
        const namespace = kind?.isNamespaced ? node.namespace : ''
        owner = newNode(reference.uid, kind, namespace, reference.name, NOBODY)
        owner.isVirtual = true
        this.#nodes.set(reference.uid, owner)
        unseen.push(owner)
      }
      addDependent(owner, node)
    }
    return unseen
  }

  #cutLoose(node: GraphNode): void {
    for (const { uid } of node.owners) {
      const owner = this.#nodes.get(uid)
      if (owner && owner.dependents !== NOBODY) (owner.dependents as Set<GraphNode>).delete(node)
    }
  }
}

function addDependent(owner: GraphNode, node: GraphNode): void {
  if (owner.dependents === NOBODY) owner.dependents = new Set([node])
  else (owner.dependents as Set<GraphNode>).add(node)
}

/** The dependents whose references hold their owner's foreground deletion up. */
export function blockingDependents(node: GraphNode): GraphNode[] {
  return [...node.dependents].filter(dependent =>
    dependent.owners.some(owner => owner.uid === node.uid && owner.blockOwnerDeletion === true),
  )
}

/** What a deletion in progress waits for, from the object's finalizers. */
export function deletionOf(object: KubeObject): { isForeground: boolean; isOrphan: boolean } {
  const { deletionTimestamp, finalizers = [] } = object.metadata
  const isDeleting = deletionTimestamp !== undefined
  return {
    isForeground: isDeleting && finalizers.includes(NAMES.foregroundFinalizer),
    isOrphan: isDeleting && finalizers.includes(NAMES.orphanFinalizer),
  }
}

function newNode(
  uid: string,
  kind: AnyKind | undefined,
  namespace: string,
  name: string,
  dependents: ReadonlySet<GraphNode>,
): GraphNode {
  return {
    uid,
    kind,
    namespace,
    name,
    owners: NONE,
    dependents,
    isVirtual: false,
    isBeingDeleted: false,
    isDeletingDependents: false,
    isOrphaning: false,
  }
}

/**
 * The template history of StatefulSets and DaemonSets, kept in ControllerRevisions. Mirrors
 * `pkg/controller/history`; hashes are ours (see `templateHash`), the rest is upstream's.
 */
import type { PodTemplateSpec } from 'kubernetes-types/core/v1.js'
import {
  type AnyKind,
  type ControllerRevision,
  ControllerRevisions,
  canonicalJson,
  controllerOf,
  type KubeObject,
  type NewObject,
  templateHash,
} from '../../api/index.ts'
import type { CacheIndex, Intent, View } from '../../client/index.ts'
import { assert } from '../../sim/index.ts'
import { controllerRef } from './controller-ref.ts'
import { labelAnchors } from './label-anchors.ts'
import { remember } from './remember.ts'

const NONE: readonly string[] = Object.freeze([])
/** Names tried for one template before giving up on 32-bit hashes. */
const MAXIMUM_COLLISIONS = 100

/** ControllerRevisions by the uid of their workload. */
export const REVISIONS_BY_CONTROLLER: CacheIndex<ControllerRevision> = {
  kind: ControllerRevisions,
  name: 'revisions-by-controller',
  values: revision => {
    const controller = controllerOf(revision)
    return controller ? [controller.uid] : NONE
  },
}

/** ControllerRevisions that nobody controls, by label anchor: candidates for adoption. */
export const ORPHAN_REVISIONS: CacheIndex<ControllerRevision> = {
  kind: ControllerRevisions,
  name: 'orphan-revisions',
  values: revision =>
    controllerOf(revision) ? NONE : labelAnchors(revision.metadata.namespace, revision.metadata.labels),
}

/** A workload whose templates are kept as revisions. */
export type Versioned = KubeObject & {
  readonly spec: { readonly template: PodTemplateSpec; readonly revisionHistoryLimit?: number }
  readonly status: { readonly collisionCount?: number }
}

/** Which label of a revision carries its hash: StatefulSets and DaemonSets never agreed. */
export interface Naming {
  readonly kind: AnyKind
  readonly hashLabel: string
}

/** A workload's history with its present template in it. */
export interface History {
  /** The revision of the present template; not stored yet when it is in `intents`. */
  readonly update: ControllerRevision
  /** Oldest first, `update` included. */
  readonly all: readonly ControllerRevision[]
  readonly collisionCount: number
  /** The write that makes `update` be there, if it is not. */
  readonly intents: readonly Intent[]
}

/** The history of `owner`, the present template's revision found, renumbered as the newest, or made. */
export function historyOf(naming: Naming, owner: Versioned, view: View): History {
  const known = [...view.list(REVISIONS_BY_CONTROLLER, owner.metadata.uid)].sort(byRevision)
  const collisionCount = owner.status.collisionCount ?? 0
  const data = revisionData(owner.spec.template)
  const latest = known.at(-1)
  const equal = known.findLast(revision => dataText(revision) === canonicalJson(data))
  if (equal && dataText(latest!) === dataText(equal)) {
    return { update: latest!, all: known, collisionCount, intents: [] }
  }
  const number = (latest?.revision ?? 0) + 1
  if (equal) {
    const update = { ...equal, revision: number }
    const intent: Intent = { do: 'update', kind: ControllerRevisions, object: update }
    const all = [...known.filter(revision => revision !== equal), update]
    return { update, all, collisionCount, intents: [intent] }
  }
  return withNewRevision(naming, owner, known, number, view)
}

function withNewRevision(
  naming: Naming,
  owner: Versioned,
  known: readonly ControllerRevision[],
  number: number,
  view: View,
): History {
  const first = owner.status.collisionCount ?? 0
  for (let collisionCount = first; ; collisionCount++) {
    assert(collisionCount < first + MAXIMUM_COLLISIONS, 'a free name for a revision is found soon')
    const object = newRevision(naming, owner, number, collisionCount)
    const { namespace = '', name = '' } = object.metadata
    if (view.get(ControllerRevisions, namespace, name)) continue
    const metadata = { ...object.metadata, name, uid: '', resourceVersion: '', creationTimestamp: '' }
    const update: ControllerRevision = { ...object, metadata }
    const intent: Intent = { do: 'create', kind: ControllerRevisions, object, isFineIfExists: true }
    return { update, all: [...known, update], collisionCount, intents: [intent] }
  }
}

function newRevision(
  { kind, hashLabel }: Naming,
  owner: Versioned,
  revision: number,
  collisionCount: number,
): NewObject<ControllerRevision> {
  const { template } = owner.spec
  const data = revisionData(template)
  const hash = templateHash(data, collisionCount)
  return {
    apiVersion: ControllerRevisions.apiVersion,
    kind: ControllerRevisions.kind,
    metadata: {
      name: `${owner.metadata.name}-${hash}`,
      namespace: owner.metadata.namespace,
      labels: { ...template.metadata?.labels, [hashLabel]: hash },
      annotations: owner.metadata.annotations,
      ownerReferences: [controllerRef(kind, owner)],
    },
    data,
    revision,
  }
}

interface RevisionData {
  readonly spec: { readonly template: PodTemplateSpec & { readonly $patch: 'replace' } }
}

/** What is kept of a template: the patch that brings it back. */
const revisionData = remember(
  (template: PodTemplateSpec): RevisionData => ({ spec: { template: { ...template, $patch: 'replace' } } }),
)

/** The template that a revision keeps. */
export const templateOf: (revision: ControllerRevision) => PodTemplateSpec = remember(revision => {
  const { $patch: _, ...template } = (revision.data as RevisionData).spec.template
  return template
})

function dataText(revision: ControllerRevision): string {
  return textOf(revision.data as object)
}
const textOf = remember((data: object) => canonicalJson(data))

function byRevision(a: ControllerRevision, b: ControllerRevision): number {
  if (a.revision !== b.revision) return a.revision - b.revision
  if (a.metadata.creationTimestamp !== b.metadata.creationTimestamp) {
    return a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1
  }
  return a.metadata.name < b.metadata.name ? -1 : 1
}

/** Deletes the oldest revisions that are not `live` (in use), beyond `spec.revisionHistoryLimit` of them. */
export function truncateHistory(
  owner: Versioned,
  history: readonly ControllerRevision[],
  isLive: (revision: ControllerRevision) => boolean,
): Intent[] {
  const idle = history.filter(revision => !isLive(revision))
  const surplus = idle.length - (owner.spec.revisionHistoryLimit ?? 10)
  return idle
    .slice(0, Math.max(0, surplus))
    .map(object => ({ do: 'delete', kind: ControllerRevisions, object }))
}

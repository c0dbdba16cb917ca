/**
 * What a Deployment, StatefulSet or DaemonSet has been: the templates in its ReplicaSets or ControllerRevisions.
 * Mirrors k8s.io/kubectl/pkg/polymorphichelpers/history.go.
 */
import type { PodTemplateSpec } from 'kubernetes-types/core/v1.js'
import {
  type AnyKind,
  type ControllerRevision,
  ControllerRevisions,
  controllerOf,
  DEPLOYMENT,
  formatLabelSelector,
  type KubeList,
  type KubeObject,
  type ReplicaSet,
  ReplicaSets,
} from '../api/index.ts'
import { type ApiResult, call, requestFor } from '../client/index.ts'
import type { Routine } from '../sim/index.ts'
import { CHANGE_CAUSE } from './commands/annotate.ts'
import type { KubectlContext } from './context.ts'
import { KubectlError, statusError } from './kubectl-error.ts'
import { locallyPatched } from './local-patch.ts'
import type { Selected } from './selection.ts'

/** One entry of the history. */
export interface Revision {
  readonly revision: number
  readonly template: PodTemplateSpec
  readonly changeCause: string
  /** The ReplicaSet, or the workload as the ControllerRevision would make it. */
  readonly object: KubeObject
  readonly kind: AnyKind
  /** The patch that a ControllerRevision keeps; undefined for a ReplicaSet. */
  readonly patch?: unknown
}

type Workload = KubeObject & { spec: { selector?: object; template: PodTemplateSpec } }

/** The revision a Deployment or ReplicaSet is at; 0 when its annotation is missing, undefined when it is no number. */
export function revisionOf(metadata: KubeObject['metadata']): number | undefined {
  const text = metadata.annotations?.[DEPLOYMENT.revisionAnnotation]
  if (text === undefined) return 0
  return /^-?\d+$/.test(text) ? Number(text) : undefined
}

/** The history of a workload, oldest first; a later one with the same number wins. Throws KubectlError. */
export function* history(context: KubectlContext, target: Selected, what: string): Routine<Revision[]> {
  const { kind } = target
  const isDeployment = kind.kind === 'Deployment'
  if (!isDeployment && kind.kind !== 'StatefulSet' && kind.kind !== 'DaemonSet') {
    const name = kind.group ? `${kind.kind}.${kind.group}` : kind.kind
    throw new KubectlError(`error: no ${what} has been implemented for ${JSON.stringify(name)}`)
  }
  const found = isDeployment ? yield* ofReplicaSets(context, target) : yield* ofRevisions(context, target)
  const byNumber = new Map(found.map(entry => [entry.revision, entry]))
  return [...byNumber.values()].sort((a, b) => a.revision - b.revision)
}

function* ofReplicaSets(context: KubectlContext, target: Selected): Routine<Revision[]> {
  const owned = yield* listOwned<ReplicaSet>(context, target, ReplicaSets)
  return owned.flatMap(object => {
    const revision = revisionOf(object.metadata)
    if (revision === undefined) return []
    const changeCause = object.metadata.annotations?.[CHANGE_CAUSE] ?? ''
    const template = object.spec.template!
    return [{ revision, template, changeCause, object, kind: ReplicaSets }]
  })
}

function* ofRevisions(context: KubectlContext, target: Selected): Routine<Revision[]> {
  const owned = yield* listOwned<ControllerRevision>(context, target, ControllerRevisions)
  return owned.map(({ revision, data, metadata }) => {
    const object = locallyPatched(target.kind, target.object, 'strategic', data)
    return {
      revision,
      template: (object as Workload).spec.template,
      changeCause: metadata.annotations?.[CHANGE_CAUSE] ?? '',
      object,
      kind: target.kind,
      patch: data,
    }
  })
}

/** Objects of `kind` that the workload's selector finds and the workload controls. */
export function* listOwned<T extends KubeObject>(
  context: Pick<KubectlContext, 'api'>,
  { namespace, object }: Pick<Selected, 'namespace' | 'object'>,
  kind: AnyKind,
): Routine<readonly T[]> {
  const labelSelector = formatLabelSelector((object as Workload).spec.selector)
  const result: ApiResult<KubeList<T>> = yield* call(
    context.api,
    requestFor('list', kind, namespace, '', { options: { labelSelector } }),
  )
  if (!result.ok) throw statusError(result.status)
  return result.object.items.filter(item => controllerOf(item)?.uid === object.metadata.uid)
}

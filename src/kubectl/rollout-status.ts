/**
 * How far a rollout is, in kubectl's words. Mirrors k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go.
 */
import {
  type AnyKind,
  type DaemonSet,
  type Deployment,
  findCondition,
  type KubeObject,
  type StatefulSet,
} from '../api/index.ts'
import { KubectlError } from './kubectl-error.ts'
import { revisionOf } from './revisions.ts'

export interface RolloutStatus {
  /** One line, with its newline. */
  readonly text: string
  readonly isDone: boolean
}

/** The status of an object of a kind that rolls out; `revision` 0 for whichever. Throws KubectlError. */
export function rolloutStatus(kind: AnyKind, object: KubeObject, revision: number): RolloutStatus {
  switch (kind.kind) {
    case 'Deployment':
      return ofDeployment(object as Deployment, revision)
    case 'DaemonSet':
      return ofDaemonSet(object as DaemonSet)
    case 'StatefulSet':
      return ofStatefulSet(object as StatefulSet)
    default: {
      const name = kind.group ? `${kind.kind}.${kind.group}` : kind.kind
      throw new KubectlError(`error: no status viewer has been implemented for ${name}`)
    }
  }
}

function waiting(text: string): RolloutStatus {
  return { text: `${text}\n`, isDone: false }
}

function done(text: string): RolloutStatus {
  return { text: `${text}\n`, isDone: true }
}

function ofDeployment({ metadata, spec, status }: Deployment, revision: number): RolloutStatus {
  const name = JSON.stringify(metadata.name)
  if (revision > 0) {
    const running = revisionOf(metadata) ?? 0
    if (running !== revision) {
      throw new KubectlError(
        `error: desired revision (${revision}) is different from the running revision (${running})`,
      )
    }
  }
  if ((metadata.generation ?? 0) > (status?.observedGeneration ?? 0)) {
    return waiting('Waiting for deployment spec update to be observed...')
  }
  const progressing = findCondition({ status }, 'Progressing')
  if (progressing?.reason === 'ProgressDeadlineExceeded') {
    throw new KubectlError(`error: deployment ${name} exceeded its progress deadline`)
  }
  const { replicas = 0, updatedReplicas: updated = 0, availableReplicas: available = 0 } = status ?? {}
  const head = `Waiting for deployment ${name} rollout to finish:`
  const wanted = spec?.replicas
  if (wanted !== undefined && updated < wanted) {
    return waiting(`${head} ${updated} out of ${wanted} new replicas have been updated...`)
  }
  if (replicas > updated) {
    return waiting(`${head} ${replicas - updated} old replicas are pending termination...`)
  }
  if (available < updated) {
    return waiting(`${head} ${available} of ${updated} updated replicas are available...`)
  }
  return done(`deployment ${name} successfully rolled out`)
}

function requireRollingUpdate(type: string | undefined): void {
  if (type === 'RollingUpdate') return
  throw new KubectlError('error: rollout status is only available for RollingUpdate strategy type')
}

function ofDaemonSet({ metadata, spec, status }: DaemonSet): RolloutStatus {
  requireRollingUpdate(spec?.updateStrategy?.type)
  const name = JSON.stringify(metadata.name)
  if ((metadata.generation ?? 0) > (status?.observedGeneration ?? 0)) {
    return waiting('Waiting for daemon set spec update to be observed...')
  }
  const { updatedNumberScheduled: updated = 0, numberAvailable: available = 0 } = status ?? {}
  const wanted = status?.desiredNumberScheduled ?? 0
  const head = `Waiting for daemon set ${name} rollout to finish:`
  if (updated < wanted) return waiting(`${head} ${updated} out of ${wanted} new pods have been updated...`)
  if (available < wanted) return waiting(`${head} ${available} of ${wanted} updated pods are available...`)
  return done(`daemon set ${name} successfully rolled out`)
}

function ofStatefulSet({ metadata, spec, status }: StatefulSet): RolloutStatus {
  requireRollingUpdate(spec?.updateStrategy?.type)
  const observed = status?.observedGeneration ?? 0
  if (observed === 0 || (metadata.generation ?? 0) > observed) {
    return waiting('Waiting for statefulset spec update to be observed...')
  }
  const replicas = spec?.replicas
  const { readyReplicas: ready = 0, updatedReplicas: updated = 0 } = status ?? {}
  if (replicas !== undefined && ready < replicas) {
    return waiting(`Waiting for ${replicas - ready} pods to be ready...`)
  }
  const rollingUpdate = spec?.updateStrategy?.rollingUpdate
  if (rollingUpdate) {
    const wanted = (replicas ?? 0) - (rollingUpdate.partition ?? 0)
    const isPartitioned = replicas !== undefined && rollingUpdate.partition !== undefined
    if (isPartitioned && updated < wanted) {
      return waiting(
        `Waiting for partitioned roll out to finish: ${updated} out of ${wanted} new pods have been updated...`,
      )
    }
    return done(`partitioned roll out complete: ${updated} new pods have been updated...`)
  }
  if (status?.updateRevision !== status?.currentRevision) {
    return waiting(
      `waiting for statefulset rolling update to complete ${updated} pods at revision ${status?.updateRevision}...`,
    )
  }
  const current = status?.currentReplicas ?? 0
  return done(`statefulset rolling update complete ${current} pods at revision ${status?.currentRevision}...`)
}

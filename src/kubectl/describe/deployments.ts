/** `kubectl describe deployments` */
import {
  type Deployment,
  formatLabelSelector,
  NAMES,
  type ReplicaSet,
  ReplicaSets,
  semanticEqual,
} from '../../api/index.ts'
import { listOwned } from '../revisions.ts'
import type { Describer } from './describer.ts'
import { writeEvents } from './events.ts'
import { longTime, writeAnnotations, writeLabels } from './parts.ts'
import { writePodTemplate } from './pod-template.ts'
import type { DescriptionWriter } from './writer.ts'

export const describeDeployment: Describer = function* (context, object, w) {
  const { metadata, spec, status } = object as Deployment
  w.field(0, 'Name', metadata.name)
  w.field(0, 'Namespace', metadata.namespace ?? '')
  w.field(0, 'CreationTimestamp', longTime(metadata.creationTimestamp))
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.field(0, 'Selector', formatLabelSelector(spec?.selector))
  const counts = [
    `${spec?.replicas ?? 1} desired`,
    `${status?.updatedReplicas ?? 0} updated`,
    `${status?.replicas ?? 0} total`,
    `${status?.availableReplicas ?? 0} available`,
    `${status?.unavailableReplicas ?? 0} unavailable`,
  ]
  w.field(0, 'Replicas', counts.join(' | '))
  w.field(0, 'StrategyType', spec?.strategy?.type ?? '')
  w.field(0, 'MinReadySeconds', spec?.minReadySeconds ?? 0)
  const rolling = spec?.strategy?.rollingUpdate
  if (rolling) {
    const text = `${rolling.maxUnavailable} max unavailable, ${rolling.maxSurge} max surge`
    w.field(0, 'RollingUpdateStrategy', text)
  }
  writePodTemplate(w, spec!.template)
  writeReasons(w, status?.conditions)
  const { namespace = '' } = metadata
  const owned = yield* listOwned<ReplicaSet>(context, { namespace, object }, ReplicaSets)
  const newest = [...owned].sort(byAge).find(set => isOf(set, object as Deployment))
  const old = owned.filter(set => set !== newest)
  if (owned.length > 0) {
    w.field(0, 'OldReplicaSets', replicaSetsText(old))
    w.field(0, 'NewReplicaSet', replicaSetsText(newest ? [newest] : []))
  }
  yield* writeEvents(context, w, object)
}

/** Conditions with their reasons, as ReplicaSets have them too. */
export function writeReasons(
  w: DescriptionWriter,
  conditions: readonly { type: string; status: string; reason?: string }[] | undefined,
): void {
  if (!conditions || conditions.length === 0) return
  w.line(0, 'Conditions:')
  w.line(1, 'Type\tStatus\tReason')
  w.line(1, '----\t------\t------')
  for (const { type, status, reason = '' } of conditions) w.line(1, `${type} \t${status}\t${reason}`)
}

function byAge(a: ReplicaSet, b: ReplicaSet): number {
  return Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp)
}

/** Whether a ReplicaSet makes the pods the Deployment wants now. */
function isOf(set: ReplicaSet, deployment: Deployment): boolean {
  const template = set.spec.template!
  const { [NAMES.podTemplateHashLabel]: _, ...labels } = template.metadata?.labels ?? {}
  return semanticEqual({ ...template, metadata: { ...template.metadata, labels } }, deployment.spec!.template)
}

function replicaSetsText(sets: readonly ReplicaSet[]): string {
  const texts = sets.map(
    ({ metadata, spec, status }) =>
      `${metadata.name} (${status?.replicas ?? 0}/${spec.replicas ?? 1} replicas created)`,
  )
  return texts.join(', ') || '<none>'
}

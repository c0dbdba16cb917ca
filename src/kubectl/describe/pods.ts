/** `kubectl describe pods` */
import { age, type Pod, qualityOfService } from '../../api/index.ts'
import { writeContainers, writeResources } from './containers.ts'
import type { Describer } from './describer.ts'
import { writeEvents } from './events.ts'
import { longTime, writeAnnotations, writeControlledBy, writeLabels, writeTolerations } from './parts.ts'
import { writeSpreadConstraints } from './pod-template.ts'
import { writeVolumes } from './volumes.ts'
import type { DescriptionWriter } from './writer.ts'

export const describePod: Describer = function* (context, object, w) {
  const pod = object as Pod
  writeHead(w, pod)
  writeState(w, pod, context.nowMs)
  const { spec, status } = pod
  const { initContainers = [], ephemeralContainers = [] } = spec
  if (initContainers.length > 0) {
    writeContainers(w, 'Init Containers', initContainers, status.initContainerStatuses, '')
  }
  writeContainers(w, 'Containers', spec.containers, status.containerStatuses, '')
  if (ephemeralContainers.length > 0) {
    const statuses = status.ephemeralContainerStatuses
    writeContainers(w, 'Ephemeral Containers', ephemeralContainers, statuses, '')
  }
  writeConditions(w, pod)
  writeVolumes(w, spec.volumes, '')
  w.field(0, 'QoS Class', status.qosClass ?? qualityOfService(spec))
  writeLabels(w, 'Node-Selectors', spec.nodeSelector)
  writeTolerations(w, 'Tolerations', spec.tolerations)
  writeSpreadConstraints(w, spec.topologySpreadConstraints, '')
  yield* writeEvents(context, w, object)
}

function writeHead(w: DescriptionWriter, { metadata, spec, status }: Pod): void {
  w.field(0, 'Name', metadata.name)
  w.field(0, 'Namespace', metadata.namespace ?? '')
  if (spec.priority !== undefined) w.field(0, 'Priority', spec.priority)
  if (spec.priorityClassName) w.field(0, 'Priority Class Name', spec.priorityClassName)
  if (spec.runtimeClassName) w.field(0, 'Runtime Class Name', spec.runtimeClassName)
  if (spec.serviceAccountName) w.field(0, 'Service Account', spec.serviceAccountName)
  w.field(0, 'Node', spec.nodeName ? `${spec.nodeName}/${status.hostIP ?? ''}` : '<none>')
  if (status.startTime) w.field(0, 'Start Time', longTime(status.startTime))
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
}

function writeState(w: DescriptionWriter, pod: Pod, nowMs: number): void {
  const { metadata, spec, status } = pod
  const isFinished = status.phase === 'Failed' || status.phase === 'Succeeded'
  if (metadata.deletionTimestamp && !isFinished) {
    w.field(0, 'Status', `Terminating (lasts ${age(metadata.deletionTimestamp, nowMs)})`)
    w.field(0, 'Termination Grace Period', `${metadata.deletionGracePeriodSeconds ?? 0}s`)
  } else {
    w.field(0, 'Status', status.phase ?? '')
  }
  if (status.reason) w.field(0, 'Reason', status.reason)
  if (status.message) w.field(0, 'Message', status.message)
  const profile = spec.securityContext?.seccompProfile
  if (profile) w.field(0, 'SeccompProfile', profile.type)
  if (profile?.type === 'Localhost') w.field(0, 'LocalhostProfile', profile.localhostProfile ?? '')
  w.field(0, 'IP', status.podIP ?? '')
  if (status.podIPs?.length) {
    w.line(0, 'IPs:')
    for (const { ip } of status.podIPs) w.field(1, 'IP', ip ?? '')
  } else {
    w.field(0, 'IPs', '<none>')
  }
  writeControlledBy(w, pod)
  if (status.nominatedNodeName) w.field(0, 'NominatedNodeName', status.nominatedNodeName)
  const { resources } = spec as { resources?: Parameters<typeof writeResources>[2] }
  if (!resources) return
  w.line(0, 'Resources:')
  writeResources(w, 1, resources)
}

function writeConditions(w: DescriptionWriter, { spec, status }: Pod): void {
  const conditions = status.conditions ?? []
  if (spec.readinessGates?.length) {
    w.write(0, 'Readiness Gates:\n  Type\tStatus\n')
    for (const { conditionType } of spec.readinessGates) {
      const found = conditions.find(({ type }) => type === conditionType)
      w.line(1, `${conditionType} \t${found?.status ?? '<none>'} `)
    }
  }
  if (conditions.length === 0) return
  w.write(0, 'Conditions:\n  Type\tStatus\n')
  for (const { type, status: value } of conditions) w.line(1, `${type} \t${value} `)
}

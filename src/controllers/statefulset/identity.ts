/** Who a pod of a StatefulSet is: its ordinal, name, host name and labels. Mirrors `stateful_set_utils.go`. */
import type { PodTemplateSpec, Volume } from 'kubernetes-types/core/v1.js'
import { NAMES, type NewObject, type Pod, type StatefulSet, StatefulSets } from '../../api/index.ts'
import { podFromTemplate } from '../shared/pod-template.ts'

/** The number at the end of the pod's name; undefined when the name is not one of this set's. */
export function ordinalOf(set: StatefulSet, pod: Pod): number | undefined {
  const { name } = pod.metadata
  return isNameOf(set, name) ? Number(name.slice(set.metadata.name.length + 1)) : undefined
}

/** Whether a pod of that name can be one of the set's: its name, a dash, a number. */
export function isNameOf(set: StatefulSet, name: string): boolean {
  const prefix = `${set.metadata.name}-`
  return name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length))
}

export function firstOrdinal(set: StatefulSet): number {
  return set.spec.ordinals?.start ?? 0
}

export function podName(set: StatefulSet, ordinal: number): string {
  return `${set.metadata.name}-${ordinal}`
}

/** The name of the ControllerRevision the pod was made from. */
export function revisionOf(pod: Pod): string | undefined {
  return pod.metadata.labels?.[NAMES.controllerRevisionHashLabel]
}

/** A pod of the set, made from a template of its history. */
export function newPod(
  set: StatefulSet,
  template: PodTemplateSpec,
  revisionName: string,
  ordinal: number,
): NewObject<Pod> {
  const name = podName(set, ordinal)
  const labels = {
    ...template.metadata?.labels,
    [NAMES.controllerRevisionHashLabel]: revisionName,
    ...identityLabels(set, ordinal),
  }
  const spec: Pod['spec'] = {
    ...template.spec!,
    hostname: name,
    subdomain: set.spec.serviceName || undefined,
  }
  const volumes = volumesOf(set, template, ordinal)
  if (volumes.length > 0) spec.volumes = volumes
  return podFromTemplate(StatefulSets, set, template, { name, labels }, spec)
}

/** Labels by which one pod is told from its siblings. */
export function identityLabels(set: StatefulSet, ordinal: number): Record<string, string> {
  return {
    [NAMES.statefulSetPodNameLabel]: podName(set, ordinal),
    [NAMES.podIndexLabel]: String(ordinal),
  }
}

/** The claims' volumes first; they hide the template's of the same name. */
function volumesOf(set: StatefulSet, template: PodTemplateSpec, ordinal: number): Volume[] {
  const claims = (set.spec.volumeClaimTemplates ?? []).map(claim => ({
    name: claim.metadata?.name ?? '',
    persistentVolumeClaim: { claimName: claimName(set, claim.metadata?.name ?? '', ordinal) },
  }))
  const names = new Set(claims.map(volume => volume.name))
  return [...claims, ...(template.spec?.volumes ?? []).filter(volume => !names.has(volume.name))]
}

/** `data-db-0` */
export function claimName(set: StatefulSet, template: string, ordinal: number): string {
  return `${template}-${podName(set, ordinal)}`
}

/** The pods of a Job: made with a finalizer that keeps them until they are counted, some with an index. */
import type { EnvVar, PodSpec } from 'kubernetes-types/core/v1.js'
import {
  controllerOf,
  findCondition,
  JOB,
  type Job,
  Jobs,
  type NewObject,
  type Pod,
  Pods,
} from '../../api/index.ts'
import type { CacheIndex, Intent } from '../../client/index.ts'
import { podFromTemplate } from '../shared/pod-template.ts'
import { remember } from '../shared/remember.ts'

const NONE: readonly string[] = Object.freeze([])

/** Pods that wait to be counted, by the key of the Job they are of, gone or not. */
export const TRACKED_PODS: CacheIndex<Pod> = {
  kind: Pods,
  name: 'pods-tracked-by-jobs',
  values: pod => {
    const key = hasFinalizer(pod) ? jobKey(pod) : undefined
    return key === undefined ? NONE : [key]
  },
}

/** The key of the Job that controls the pod. */
export function jobKey(pod: Pod): string | undefined {
  const controller = controllerOf(pod)
  if (controller?.kind !== Jobs.kind || controller.apiVersion !== Jobs.apiVersion) return undefined
  return `${pod.metadata.namespace}/${controller.name}`
}

export function hasFinalizer(pod: Pod): boolean {
  return pod.metadata.finalizers?.includes(JOB.trackingFinalizer) ?? false
}

/** Lets a pod go that has been counted, or whose Job is no more. */
export function removeFinalizer(pod: Pod): Intent {
  const { namespace = '', name, uid } = pod.metadata
  return {
    do: 'patch',
    kind: Pods,
    namespace,
    name,
    patch: { metadata: { uid, '$deleteFromPrimitiveList/finalizers': [JOB.trackingFinalizer] } },
    options: { patchType: 'strategic' },
    isFineIfGone: true,
  }
}

export function isIndexed(job: Job): boolean {
  return job.spec.completionMode === 'Indexed'
}

/** The pod's completion index; undefined when it has none, or one beyond the Job's completions. */
export function indexOf(job: Job, pod: Pod): number | undefined {
  const text = pod.metadata.annotations?.[JOB.completionIndexAnnotation]
  if (text === undefined || !/^\d+$/.test(text)) return undefined
  return Number(text) < (job.spec.completions ?? 0) ? Number(text) : undefined
}

/** A pod to create; `index` for Indexed Jobs. */
export function newPod(job: Job, index: number | undefined): NewObject<Pod> {
  const { template } = job.spec
  const finalizers = [...(template.metadata?.finalizers ?? []), JOB.trackingFinalizer]
  if (index === undefined) return podFromTemplate(Jobs, job, template, { finalizers })
  const number = { [JOB.completionIndexAnnotation]: String(index) }
  const { name } = job.metadata
  const spec = { ...withIndexVariable(template.spec ?? { containers: [] }), hostname: `${name}-${index}` }
  const more = {
    finalizers,
    generateName: `${name}-${index}-`,
    annotations: { ...template.metadata?.annotations, ...number },
    labels: { ...template.metadata?.labels, ...number },
  }
  return podFromTemplate(Jobs, job, template, more, spec)
}

/** The spec with JOB_COMPLETION_INDEX in every container that does not set it itself. */
const withIndexVariable = remember((spec: PodSpec): PodSpec => {
  const fieldPath = `metadata.labels['${JOB.completionIndexAnnotation}']`
  const variable: EnvVar = { name: JOB.completionIndexVariable, valueFrom: { fieldRef: { fieldPath } } }
  const completed = <C extends { env?: EnvVar[] }>(container: C): C =>
    container.env?.some(({ name }) => name === variable.name)
      ? container
      : { ...container, env: [...(container.env ?? []), variable] }
  return {
    ...spec,
    containers: spec.containers.map(completed),
    ...(spec.initContainers && { initContainers: spec.initContainers.map(completed) }),
  }
})

/** When the pod ended: its last container's end, or the best sign of it. */
export function finishedAtMs(pod: Pod): number {
  let latestMs = Number.NEGATIVE_INFINITY
  for (const { state } of pod.status.containerStatuses ?? []) {
    const finishedAt = state?.terminated?.finishedAt
    if (finishedAt) latestMs = Math.max(latestMs, Date.parse(finishedAt))
  }
  if (Number.isFinite(latestMs)) return latestMs
  const ready = findCondition(pod, 'Ready')?.lastTransitionTime
  return Date.parse(ready ?? pod.metadata.deletionTimestamp ?? pod.metadata.creationTimestamp)
}

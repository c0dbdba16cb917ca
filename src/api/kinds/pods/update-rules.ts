/**
 * What may change in a pod's life. Mirrors `ValidatePodUpdate` and `ValidatePodStatusUpdate`; the diff of Go
 * structs that upstream appends to its refusal is left out.
 */
import type { Container, ContainerStatus, PodSpec, Toleration } from 'kubernetes-types/core/v1.js'
import { deepEqual, semanticEqual } from '../../deep-equal.ts'
import { type FieldError, fieldForbidden, invalidValue } from '../../field-error.ts'
import { checkMetadataUpdate } from '../shared/metadata.ts'
import { validateImage } from './container-rules.ts'
import { validateDeadline } from './rules.ts'
import { validateTolerations } from './scheduling-rules.ts'
import type { Pod } from './types.ts'

const FORBIDDEN =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
  '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

export function validatePodUpdate(next: Pod, old: Pod): FieldError[] {
  const errors = checkMetadataUpdate(next, old)
  if (next.spec === old.spec) return errors
  for (const list of ['containers', 'initContainers'] as const) {
    if ((next.spec[list]?.length ?? 0) !== (old.spec[list]?.length ?? 0)) {
      errors.push(fieldForbidden(`spec.${list}`, 'pod updates may not add or remove containers'))
      return errors
    }
    next.spec[list]?.forEach((container, i) => {
      errors.push(...validateImage(container.image, `spec.${list}[${i}].image`))
    })
  }
  errors.push(...validateDeadlineUpdate(next.spec, old.spec))
  errors.push(...validateGateUpdate(next.spec, old.spec))
  errors.push(...validateTolerationUpdate(next.spec.tolerations, old.spec.tolerations))
  if (!semanticEqual(withoutChangeable(next.spec, old.spec), old.spec)) {
    errors.push(fieldForbidden('spec', FORBIDDEN))
  }
  return errors
}

function validateDeadlineUpdate(next: PodSpec, old: PodSpec): FieldError[] {
  const path = 'spec.activeDeadlineSeconds'
  const [seconds, before] = [next.activeDeadlineSeconds ?? undefined, old.activeDeadlineSeconds ?? undefined]
  if (seconds === undefined) {
    const detail = 'must not update from a positive integer to nil value'
    return before === undefined ? [] : [invalidValue(path, undefined, detail)]
  }
  const errors = validateDeadline(seconds, path)
  if (before !== undefined && before < seconds) {
    errors.push(invalidValue(path, seconds, 'must be less than or equal to previous value'))
  }
  return errors
}

function validateGateUpdate(next: PodSpec, old: PodSpec): FieldError[] {
  const known = new Set(old.schedulingGates?.map(gate => gate.name))
  return (next.schedulingGates ?? []).flatMap((gate, i) => {
    if (known.has(gate.name)) return []
    const detail = `only deletion is allowed, but found new scheduling gate '${gate.name}'`
    return [fieldForbidden(`spec.schedulingGates[${i}].name`, detail)]
  })
}

function validateTolerationUpdate(
  next: readonly Toleration[] | undefined,
  old: readonly Toleration[] | undefined,
): FieldError[] {
  if (deepEqual(next, old)) return []
  const path = 'spec.tolerations'
  const isSame = (a: Toleration, b: Toleration) =>
    deepEqual({ ...a, tolerationSeconds: undefined }, { ...b, tolerationSeconds: undefined })
  for (const toleration of old ?? []) {
    if (next?.some(candidate => isSame(candidate, toleration))) continue
    return [fieldForbidden(path, 'existing toleration can not be modified except its tolerationSeconds')]
  }
  return validateTolerations(next, path)
}

/** The new spec with every field that may change as it was. */
function withoutChangeable(next: PodSpec, old: PodSpec): PodSpec {
  const masked: PodSpec = {
    ...next,
    containers: withImagesOf(next.containers, old.containers),
    activeDeadlineSeconds: old.activeDeadlineSeconds,
    tolerations: old.tolerations,
    schedulingGates: old.schedulingGates,
  }
  if (next.initContainers) masked.initContainers = withImagesOf(next.initContainers, old.initContainers)
  const [grace, before] = [next.terminationGracePeriodSeconds, old.terminationGracePeriodSeconds]
  if (grace === 1 && before !== undefined && before < 0) masked.terminationGracePeriodSeconds = before
  // A gated pod is not scheduled yet: where it may go can still be narrowed down.
  if (old.schedulingGates?.length && includesAll(next.nodeSelector, old.nodeSelector)) {
    masked.nodeSelector = old.nodeSelector
  }
  return masked
}

function withImagesOf(next: readonly Container[], old: readonly Container[] | undefined): Container[] {
  return next.map((container, i) => ({ ...container, image: old?.[i]?.image }))
}

function includesAll(next: PodSpec['nodeSelector'], old: PodSpec['nodeSelector']): boolean {
  return Object.entries(old ?? {}).every(([key, value]) => next?.[key] === value)
}

/** A container that ended and is not to be restarted stays ended. */
export function validatePodStatusUpdate(next: Pod, old: Pod): FieldError[] {
  const errors = checkMetadataUpdate(next, old)
  if (next.status === old.status || old.spec.restartPolicy === 'Always') return errors
  const { restartPolicy } = old.spec
  for (const list of ['containerStatuses', 'initContainerStatuses'] as const) {
    old.status[list]?.forEach((before, i) => {
      const now = next.status[list]?.find(status => status.name === before.name)
      if (!before.state?.terminated || !now || now.state?.terminated) return
      if (restartPolicy === 'OnFailure' && before.state.terminated.exitCode !== 0) return
      if (list === 'initContainerStatuses' && isSidecar(old, before)) return
      const detail = 'may not be transitioned to non-terminated state'
      errors.push(fieldForbidden(`status.${list}[${i}].state`, detail))
    })
  }
  return errors
}

function isSidecar(pod: Pod, status: ContainerStatus): boolean {
  return pod.spec.initContainers?.find(c => c.name === status.name)?.restartPolicy === 'Always'
}

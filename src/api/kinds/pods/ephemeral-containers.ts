/**
 * `pods/NAME/ephemeralcontainers`: adds containers to a pod that runs, for `kubectl debug`. Mirrors
 * `podEphemeralContainersStrategy` and `ValidatePodEphemeralContainersUpdate`.
 */
import type { Container, EphemeralContainer } from 'kubernetes-types/core/v1.js'
import { semanticEqual } from '../../deep-equal.ts'
import type { SubresourceAction } from '../../define-kind.ts'
import { duplicate, type FieldError, fieldForbidden, invalidValue, required } from '../../field-error.ts'
import { ApiError, invalid } from '../../status.ts'
import { defaultContainer } from './container-defaults.ts'
import type { Pod } from './types.ts'

const PODS = Object.freeze({ group: '', plural: 'pods', kind: 'Pod' })
const PATH = 'spec.ephemeralContainers'
/** What would have to be planned for: a container that comes later cannot have it. */
const FORBIDDEN_FIELDS = [
  'ports',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
  'resources',
] as const

/** Throws ApiError 422 for containers that were changed, removed, or must not be so. */
export const addEphemeralContainers: SubresourceAction<Pod> = {
  verb: 'update',
  apply(pod, body) {
    const wanted = (body as Pod).spec?.ephemeralContainers ?? []
    const before = pod.spec.ephemeralContainers ?? []
    const errors = validate(pod, wanted, before)
    if (errors.length > 0) throw new ApiError(invalid(PODS, pod.metadata.name, errors))
    if (wanted.length === before.length) return pod
    const ephemeralContainers = wanted.map((container, i) => before[i] ?? completed(container))
    return { ...pod, spec: { ...pod.spec, ephemeralContainers } }
  },
  respond: pod => pod,
}

function completed(container: EphemeralContainer): EphemeralContainer {
  return defaultContainer(container as Container) as EphemeralContainer
}

function validate(
  pod: Pod,
  wanted: readonly EphemeralContainer[],
  before: readonly EphemeralContainer[],
): FieldError[] {
  const errors: FieldError[] = []
  for (const old of before) {
    const now = wanted.find(({ name }) => name === old.name)
    if (!now) {
      const detail = `existing ephemeral containers ${JSON.stringify(old.name)} may not be removed\n`
      errors.push(fieldForbidden(PATH, detail))
    } else if (!semanticEqual(completed(now), old)) {
      errors.push(
        fieldForbidden(
          PATH,
          `existing ephemeral containers ${JSON.stringify(old.name)} may not be changed\n`,
        ),
      )
    }
  }
  const { containers, initContainers = [] } = pod.spec
  const names = new Set([...containers, ...initContainers].map(({ name }) => name))
  for (const [i, container] of wanted.entries()) {
    const path = `${PATH}[${i}]`
    if (!container.name) errors.push(required(`${path}.name`, ''))
    else if (names.has(container.name)) errors.push(duplicate(`${path}.name`, container.name))
    names.add(container.name)
    if (!container.image) errors.push(required(`${path}.image`, ''))
    const target = container.targetContainerName
    if (target && !containers.some(({ name }) => name === target)) {
      errors.push(
        invalidValue(
          `${path}.targetContainerName`,
          target,
          'must be an existing container in the pod template',
        ),
      )
    }
    for (const name of FORBIDDEN_FIELDS) {
      const value = (container as unknown as Record<string, unknown>)[name]
      const isEmpty = value === undefined || value === null || Object.keys(value).length === 0
      if (!isEmpty) errors.push(fieldForbidden(`${path}.${name}`, 'cannot be set for an Ephemeral Container'))
    }
  }
  return errors
}

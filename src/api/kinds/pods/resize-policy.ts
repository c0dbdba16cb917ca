/** When a container that is resized starts again. Mirrors `validateResizePolicy`. */
import type { Container } from 'kubernetes-types/core/v1.js'
import { duplicate, type FieldError, invalidValue, notSupported, required } from '../../field-error.ts'

const RESOURCES = ['cpu', 'memory']
const POLICIES = ['NotRequired', 'RestartContainer']

/** `path` is the container's. */
export function validateResizePolicy(
  { resizePolicy }: Container,
  path: string,
  podRestartPolicy: string | undefined,
): FieldError[] {
  const errors: FieldError[] = []
  const seen = new Set<string>()
  const at = `${path}.resizePolicy`
  for (const { resourceName, restartPolicy } of resizePolicy ?? []) {
    if (seen.has(resourceName)) errors.push(duplicate(at, resourceName))
    seen.add(resourceName)
    if (!resourceName) errors.push(required(at))
    else if (!RESOURCES.includes(resourceName)) errors.push(notSupported(at, resourceName, RESOURCES))
    if (!restartPolicy) errors.push(required(at))
    else if (!POLICIES.includes(restartPolicy)) errors.push(notSupported(at, restartPolicy, POLICIES))
    else if (podRestartPolicy === 'Never' && restartPolicy !== 'NotRequired') {
      errors.push(invalidValue(at, restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'"))
    }
  }
  return errors
}

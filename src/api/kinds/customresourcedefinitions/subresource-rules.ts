/** Where the scale subresource of a custom resource finds its numbers. */
import type { CustomResourceSubresources } from 'kubernetes-types/apiextensions/v1.js'
import { type FieldError, invalidValue, required } from '../../field-error.ts'

/** A rule for paths such as `.spec.replicas`. */
export function isSimplePath(path: string): string[] {
  if (path === '') return ['must not be empty']
  return path.startsWith('.') ? [] : ['must be a simple json path starting with .']
}

export function validateSubresources(
  subresources: CustomResourceSubresources | undefined,
  path: string,
): FieldError[] {
  const scale = subresources?.scale
  if (!scale) return []
  const errors: FieldError[] = []
  const check = (
    field: keyof typeof scale & string,
    roots: readonly string[],
    where: string,
    isOptional = false,
  ) => {
    const value = scale[field]
    const fieldPath = `${path}.scale.${field}`
    if (!value) {
      if (!isOptional) errors.push(required(fieldPath))
      return
    }
    const complaints = isSimplePath(value)
    if (complaints.length === 0 && !roots.some(root => value.startsWith(root))) {
      complaints.push(`should be a json path under ${where}`)
    }
    errors.push(...complaints.map(text => invalidValue(fieldPath, value, text)))
  }
  check('specReplicasPath', ['.spec.'], '.spec')
  check('statusReplicasPath', ['.status.'], '.status')
  check('labelSelectorPath', ['.spec.', '.status.'], 'either .spec or .status', true)
  return errors
}

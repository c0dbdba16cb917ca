/** Fields that field selectors may name. Mirrors `ValidateCustomResourceSelectableFields`. */
import { duplicate, type FieldError, invalidValue, required, tooMany } from '../../field-error.ts'
import type { CustomResourceVersion, JsonSchema } from './types.ts'

const MAXIMUM = 8
const SCALARS = ['string', 'boolean', 'integer']

export function validateSelectableFields(version: CustomResourceVersion, path: string): FieldError[] {
  const errors: FieldError[] = []
  const schema = version.schema?.openAPIV3Schema
  const seen = new Set<string>()
  version.selectableFields?.forEach(({ jsonPath }, i) => {
    const fieldPath = `${path}[${i}].jsonPath`
    if (!jsonPath) {
      errors.push(required(fieldPath))
      return
    }
    const names = jsonPath.startsWith('.') ? jsonPath.slice(1).split('.') : []
    const missing = names.findIndex((_, depth) => !schemaAt(schema, names.slice(0, depth + 1)))
    if (names.length === 0 || missing >= 0) {
      const why =
        names.length === 0 ? 'must start with a .' : `does not refer to a valid field (${names[missing]})`
      errors.push(invalidValue(fieldPath, jsonPath, `is an invalid path: ${why}`))
      return
    }
    if (names[0] === 'metadata') {
      errors.push(invalidValue(fieldPath, jsonPath, 'must not point to fields in metadata'))
    }
    if (!SCALARS.includes(schemaAt(schema, names)?.type ?? '')) {
      const detail =
        'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.'
      errors.push(invalidValue(fieldPath, jsonPath, detail))
    }
    if (seen.has(jsonPath)) errors.push(duplicate(fieldPath, jsonPath))
    seen.add(jsonPath)
  })
  if (seen.size > MAXIMUM) errors.push(tooMany(path, seen.size, MAXIMUM))
  return errors
}

function schemaAt(schema: JsonSchema | undefined, names: readonly string[]): JsonSchema | undefined {
  return names.reduce<JsonSchema | undefined>((at, name) => at?.properties?.[name], schema)
}

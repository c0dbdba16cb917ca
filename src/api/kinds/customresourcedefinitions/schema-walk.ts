/** Going through a schema of a custom resource and all that is in it. */
import type { CustomResourceVersion, JsonSchema } from './types.ts'

/** Whether `predicate` holds for a schema or any below it. */
function schemaHas(schema: JsonSchema | undefined, predicate: (schema: JsonSchema) => boolean): boolean {
  if (!schema || typeof schema !== 'object') return false
  if (predicate(schema)) return true
  return schemasBelow(schema).some(below => schemaHas(below, predicate))
}

function schemasBelow(schema: JsonSchema): JsonSchema[] {
  const { items, not, additionalProperties, properties, allOf = [], anyOf = [], oneOf = [] } = schema
  const below = [...allOf, ...anyOf, ...oneOf, ...Object.values(properties ?? {})]
  if (Array.isArray(items)) below.push(...items)
  else if (items) below.push(items)
  if (not) below.push(not)
  if (typeof additionalProperties === 'object') below.push(additionalProperties)
  return below
}

/** Whether a version's schema fills anything in: then unknown fields must be pruned. */
export function hasDefaults(version: CustomResourceVersion): boolean {
  return schemaHas(version.schema?.openAPIV3Schema, schema => schema.default !== undefined)
}

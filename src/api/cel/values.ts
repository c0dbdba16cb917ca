/**
 * JSON as CEL sees it: integers are bigints, names that are no identifiers are escaped. Mirrors
 * `k8s.io/apiserver/pkg/cel/common` (values and escaping).
 */
import type { JsonSchema } from '../kinds/customresourcedefinitions/types.ts'

/** What of a schema tells CEL's types. Without one, numbers are integers when they have no fraction. */
export type CelShape = Pick<JsonSchema, 'type' | 'properties' | 'additionalProperties' | 'items' | 'format'>

/** The value for {@link CelProgram.evaluate}. */
export function celValue(value: unknown, shape?: CelShape): unknown {
  if (typeof value === 'number') {
    const isInteger = shape?.type === 'number' ? false : Number.isInteger(value)
    return isInteger ? BigInt(value) : value
  }
  if (typeof value === 'string') return shape?.format ? formatted(value, shape.format) : value
  if (value === undefined) return null
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const items = shape?.items
    const below = items && !Array.isArray(items) ? items : undefined
    return value.map(item => celValue(item, below))
  }
  return celRecord(value as Readonly<Record<string, unknown>>, shape)
}

function celRecord(record: Readonly<Record<string, unknown>>, shape: CelShape | undefined): object {
  const result: Record<string, unknown> = {}
  const { properties, additionalProperties } = shape ?? {}
  const values = typeof additionalProperties === 'object' ? additionalProperties : undefined
  for (const name of Object.keys(record)) {
    if (record[name] === undefined) continue
    const known = properties && Object.hasOwn(properties, name) ? properties[name] : undefined
    result[known ? escaped(name) : name] = celValue(record[name], known ?? values)
  }
  return result
}

/** Times and durations are values of their own to CEL. */
function formatted(text: string, format: string): unknown {
  if (format === 'date-time' || format === 'date') {
    const time = new Date(text)
    return Number.isNaN(time.getTime()) ? text : time
  }
  return text
}

const RESERVED: ReadonlySet<string> = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
)

/** `__namespace__`, `a__dash__b`: a property's name as an identifier. */
function escaped(name: string): string {
  if (RESERVED.has(name)) return `__${name}__`
  if (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) && !name.includes('__')) return name
  return name
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__')
}

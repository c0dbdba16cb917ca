/** The published types, unpacked: the generated text is parsed at the first question and each type when asked for. */
import { assert } from '../../sim/index.ts'
import { SCHEMA } from './schema.generated.ts'

/** What a field may hold, in terms of Go's decoder. */
export type SchemaType =
  | {
      readonly is:
        | 'string'
        | 'bool'
        | 'int32'
        | 'int64'
        | 'float64'
        | 'quantity'
        | 'time'
        | 'int-or-string'
        | 'bytes'
        | 'any'
    }
  | { readonly is: 'list' | 'map'; readonly of: SchemaType }
  | { readonly is: 'struct'; readonly name: string; readonly type: Fields }

/** The fields of a struct. */
export interface Fields {
  get(field: string): SchemaType | undefined
}

interface Packed {
  readonly kinds: Readonly<Record<string, string>>
  readonly types: Readonly<Record<string, Readonly<Record<string, string>>>>
}

const PLAIN: Readonly<Record<string, SchemaType>> = {
  s: { is: 'string' },
  b: { is: 'bool' },
  i: { is: 'int32' },
  l: { is: 'int64' },
  d: { is: 'float64' },
  q: { is: 'quantity' },
  t: { is: 'time' },
  x: { is: 'int-or-string' },
  B: { is: 'bytes' },
  '*': { is: 'any' },
}

let packed: Packed | undefined
const unpacked = new Map<string, Fields>()

/** The type of a kind's objects; undefined when none is published. */
export function schemaOf(apiVersion: string, kind: string): Fields | undefined {
  packed ??= JSON.parse(SCHEMA) as Packed
  const key = `${apiVersion}/${kind}`
  return Object.hasOwn(packed.kinds, key) ? fieldsOf(packed, packed.kinds[key]!) : undefined
}

function fieldsOf(schema: Packed, name: string): Fields {
  let fields = unpacked.get(name)
  if (!fields) {
    const codes = schema.types[name]
    assert(codes, `the schema has every type it names, ${name} too`)
    const types = new Map<string, SchemaType>()
    fields = {
      get(field) {
        let type = types.get(field)
        if (!type && Object.hasOwn(codes, field)) {
          type = typeOf(schema, codes[field]!)
          types.set(field, type)
        }
        return type
      },
    }
    unpacked.set(name, fields)
  }
  return fields
}

function typeOf(schema: Packed, code: string): SchemaType {
  if (code.startsWith('[]')) return { is: 'list', of: typeOf(schema, code.slice(2)) }
  if (code.startsWith('{}')) return { is: 'map', of: typeOf(schema, code.slice(2)) }
  if (!code.startsWith('@')) return PLAIN[code]!
  const name = code.slice(1)
  return {
    is: 'struct',
    name: name.replace(/^[A-Z][a-z]*?V1(?=[A-Z])|^V1/, ''),
    type: fieldsOf(schema, name),
  }
}

/** What Go calls the type: `int32`, `[]v1.Container`, `map[string]string`. */
export function goNameOf(type: SchemaType): string {
  switch (type.is) {
    case 'list':
      return `[]${goNameOf(type.of)}`
    case 'map':
      return type.of.is === 'quantity' ? 'v1.ResourceList' : `map[string]${goNameOf(type.of)}`
    case 'struct':
      return `v1.${type.name}`
    case 'quantity':
      return 'resource.Quantity'
    case 'int-or-string':
      return 'intstr.IntOrString'
    case 'time':
      return 'v1.Time'
    case 'bytes':
      return '[]uint8'
    case 'any':
      return 'interface {}'
    default:
      return type.is
  }
}

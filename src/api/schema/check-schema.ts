/**
 * Checks an object that came over a wire against the published types, as decoding into Go's structs does: unknown
 * fields, and values of the wrong type. Mirrors `sigs.k8s.io/json` and the apiserver's decoder. Where it differs:
 * duplicate fields are not seen (the parser has dropped them), and strings that have a type of their own in Go
 * (`v1.PullPolicy`) are called `string`. Required fields are not its business: validation asks for those.
 */
import { parseQuantity, QuantityError } from '../quantity.ts'
import { goNameOf, type SchemaType, schemaOf } from './types.ts'

export interface SchemaFindings {
  /** Paths of fields that the kind does not have: `spec.template.spec.containers[0].imag`. */
  readonly unknown: readonly string[]
  /** What decoding says: `json: cannot unmarshal string into Go struct field ...`. The API answers the first. */
  readonly typeErrors: readonly string[]
}

const NOTHING_FOUND: SchemaFindings = Object.freeze({ unknown: [], typeErrors: [] })

/** Where the checker stands. Struct fields make up the names in errors, brackets only those of unknown fields. */
interface Place {
  /** `spec.containers[0]` */
  readonly path: string
  /** `spec.containers` */
  readonly fields: string
  /** The innermost Go struct: `PodSpec`. */
  readonly struct: string
}

/** Checks `object`, which says it is a `kind`. A kind without a published schema passes. */
export function checkSchema(
  kind: { readonly apiVersion: string; readonly kind: string },
  object: unknown,
): SchemaFindings {
  const type = schemaOf(kind.apiVersion, kind.kind)
  if (!type) return NOTHING_FOUND
  const checker = new Checker()
  checker.check(object, { is: 'struct', name: kind.kind, type }, { path: '', fields: '', struct: kind.kind })
  return checker
}

/** True for a kind whose published objects have a spec. */
export function hasSpec(kind: { readonly apiVersion: string; readonly kind: string }): boolean {
  return schemaOf(kind.apiVersion, kind.kind)?.get('spec')?.is === 'struct'
}

class Checker implements SchemaFindings {
  readonly unknown: string[] = []
  readonly typeErrors: string[] = []

  check(value: unknown, type: SchemaType, at: Place): void {
    if (value === null || value === undefined || type.is === 'any') return
    if (type.is === 'struct') this.#checkStruct(value, type, at)
    else if (type.is === 'list') this.#checkList(value, type, at)
    else if (type.is === 'map') this.#checkMap(value, type, at)
    else this.#checkPlain(value, type, at)
  }

  #checkList(value: unknown, type: SchemaType & { is: 'list' | 'map' }, at: Place): void {
    if (!Array.isArray(value)) {
      this.#mismatch(value, type, at)
      return
    }
    let index = 0
    for (const item of value) this.check(item, type.of, { ...at, path: `${at.path}[${index++}]` })
  }

  #checkMap(value: unknown, type: SchemaType & { is: 'list' | 'map' }, at: Place): void {
    if (!isRecord(value)) {
      this.#mismatch(value, type, at)
      return
    }
    for (const key of Object.keys(value).sort()) {
      this.check(value[key], type.of, { ...at, path: `${at.path}.${key}` })
    }
  }

  #checkStruct(value: unknown, type: SchemaType & { is: 'struct' }, at: Place): void {
    if (!isRecord(value)) {
      this.#mismatch(value, type, at)
      return
    }
    // Clients send sorted keys, so that is the order in which a server meets them.
    for (const key of Object.keys(value).sort()) {
      const field = type.type.get(key)
      const path = at.path ? `${at.path}.${key}` : key
      if (!field) {
        if (value[key] !== undefined) this.unknown.push(path)
        continue
      }
      const fields = at.fields ? `${at.fields}.${key}` : key
      this.check(value[key], field, { path, fields, struct: type.name })
    }
  }

  #checkPlain(value: unknown, type: SchemaType, at: Place): void {
    switch (type.is) {
      case 'string':
        if (typeof value !== 'string') this.#mismatch(value, type, at)
        return
      case 'bool':
        if (typeof value !== 'boolean') this.#mismatch(value, type, at)
        return
      case 'float64':
        if (typeof value !== 'number') this.#mismatch(value, type, at)
        return
      case 'int32':
      case 'int64':
        if (typeof value !== 'number') this.#mismatch(value, type, at)
        else if (!fits(value, type.is)) this.#mismatch(value, type, at, `number ${value}`)
        return
      default:
        this.#checkSelfDecoding(value, type)
    }
  }

  /** Types that read their own JSON: their errors do not know where they stand. */
  #checkSelfDecoding(value: unknown, type: SchemaType): void {
    switch (type.is) {
      case 'int-or-string':
        if (typeof value === 'string') return
        if (typeof value !== 'number') this.#selfMismatch(jsonTypeOf(value), 'int32')
        else if (!fits(value, 'int32')) this.#selfMismatch(`number ${value}`, 'int32')
        return
      case 'time':
        if (typeof value !== 'string') this.#selfMismatch(jsonTypeOf(value), 'string')
        else if (!TIME.test(value)) this.typeErrors.push(timeError(value))
        return
      case 'bytes':
        if (typeof value !== 'string') this.#selfMismatch(jsonTypeOf(value), '[]uint8')
        else if (!BASE64.test(value)) {
          const byte = /^[A-Za-z0-9+/]*/.exec(value)?.[0].length ?? 0
          this.typeErrors.push(`illegal base64 data at input byte ${byte}`)
        }
        return
      case 'quantity':
        this.typeErrors.push(...quantityErrors(value))
    }
  }

  #selfMismatch(got: string, wanted: string): void {
    this.typeErrors.push(`json: cannot unmarshal ${got} into Go value of type ${wanted}`)
  }

  #mismatch(value: unknown, type: SchemaType, at: Place, got = jsonTypeOf(value)): void {
    const wanted = goNameOf(type)
    if (at.fields === '') this.#selfMismatch(got, wanted)
    else {
      const field = `${at.struct}.${at.fields}`
      this.typeErrors.push(`json: cannot unmarshal ${got} into Go struct field ${field} of type ${wanted}`)
    }
  }
}

function quantityErrors(value: unknown): string[] {
  try {
    parseQuantity(typeof value === 'number' ? value : String(value))
    return []
  } catch (error) {
    if (error instanceof QuantityError) return [error.message]
    throw error
  }
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

function timeError(text: string): string {
  const shown = JSON.stringify(text)
  return `parsing time ${shown} as "2006-01-02T15:04:05Z07:00": cannot parse ${shown} as "2006"`
}

function fits(value: number, type: 'int32' | 'int64'): boolean {
  return Number.isInteger(value) && (type === 'int64' || Math.abs(value + 0.5) < 2 ** 31)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What Go's decoder calls a JSON value. */
function jsonTypeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

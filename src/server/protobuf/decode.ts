/**
 * Kubernetes' protobuf bodies, which kubectl from 1.32 on sends whatever the server says: read into the plain values
 * that JSON would have given. Answers are always JSON. Mirrors `runtime/serializer/protobuf` of k8s.io/apimachinery;
 * `messages.generated.json` has the numbers, types and JSON names of
 * the fields in k8s.io/api v0.33.0 (`~` inline, `?` left out when zero).
 */
import MESSAGES from './messages.generated.json' with { type: 'json' }
import { ProtobufError, Reader } from './reader.ts'

/** A field of a message: its JSON name, its type, and whether it is a list or a map. */
interface Field {
  readonly name: string
  readonly type: string
  readonly many: '' | 'list' | 'map'
  /** JSON writes the message into the one around it (`json:",inline"`). */
  readonly isInline: boolean
  /** JSON leaves out '', false and 0, which protobuf writes (`omitempty` on what is no pointer). */
  readonly isOmitted: boolean
}

type Json = Record<string, unknown>

const MAGIC = Buffer.from('k8s\0')
const MOST_DEEP = 200

/** Reads a body. Throws {@link ProtobufError} for what is none, or of a kind that has no messages. */
export function decodeProtobuf(bytes: Buffer): unknown {
  if (!bytes.subarray(0, 4).equals(MAGIC)) throw new ProtobufError('it does not begin with the magic number')
  const unknown = message('runtime.Unknown', new Reader(bytes.subarray(4)), 0)
  const { apiVersion = '', kind = '' } = unknown as { apiVersion?: string; kind?: string }
  const name = messageName(apiVersion, kind)
  const raw = Buffer.from(String(unknown.raw ?? ''), 'base64')
  return { kind, apiVersion, ...message(name, new Reader(raw), 0) }
}

/** `apps/v1` and `Deployment`: `apps.v1.Deployment`; `DeleteOptions` are everyone's. */
function messageName(apiVersion: string, kind: string): string {
  const slash = apiVersion.indexOf('/')
  const group = slash < 0 ? 'core' : apiVersion.slice(0, slash).split('.')[0]
  const own = `${group}.${apiVersion.slice(slash + 1)}.${kind}`
  if (Object.hasOwn(MESSAGES, own)) return own
  if (kind === 'DeleteOptions') return 'meta.v1.DeleteOptions'
  throw new ProtobufError(`no kind ${JSON.stringify(kind)} of ${JSON.stringify(apiVersion)} is known`)
}

const fieldsByMessage = new Map<string, ReadonlyMap<number, Field>>()

function fieldsOf(name: string): ReadonlyMap<number, Field> {
  let fields = fieldsByMessage.get(name)
  if (!fields) {
    const text = (MESSAGES as Record<string, string>)[name] ?? ''
    fields = new Map(text === '' ? [] : text.split(',').map(readField))
    fieldsByMessage.set(name, fields)
  }
  return fields
}

function readField(text: string): [number, Field] {
  const [number = '', marked = '', type = ''] = text.split(' ')
  const isInline = marked.endsWith('~')
  const isOmitted = marked.endsWith('?')
  const name = isInline || isOmitted ? marked.slice(0, -1) : marked
  const many = type.startsWith('[]') ? 'list' : type.startsWith('{}') ? 'map' : ''
  return [Number(number), { name, type: many ? type.slice(2) : type, many, isInline, isOmitted }]
}

function message(name: string, reader: Reader, depth: number): Json {
  if (depth > MOST_DEEP) throw new ProtobufError('it is nested too deeply')
  const fields = fieldsOf(name)
  const result: Json = {}
  while (!reader.isAtEnd) {
    const { number, wire } = reader.tag()
    const field = fields.get(number)
    if (!field) reader.skip(wire)
    else if (field.many === 'map') addEntry(result, field, reader, wire, depth)
    else if (field.many === 'list') addItems(result, field, reader, wire, depth)
    else {
      const value = valueOfType(field.type, reader, wire, depth)
      if (field.isInline) Object.assign(result, value)
      else if (!(field.isOmitted && (value === '' || value === 0 || value === false))) {
        set(result, field.name, value)
      }
    }
  }
  return result
}

function addItems(result: Json, field: Field, reader: Reader, wire: number, depth: number): void {
  const list = (result[field.name] ?? []) as unknown[]
  // Numbers may come packed.
  if (wire === 2 && /^(int|uint|bool|double)/.test(field.type)) {
    const packed = reader.nested()
    while (!packed.isAtEnd) list.push(valueOfType(field.type, packed, field.type === 'double' ? 1 : 0, depth))
  } else list.push(valueOfType(field.type, reader, wire, depth))
  set(result, field.name, list)
}

function addEntry(result: Json, field: Field, reader: Reader, wire: number, depth: number): void {
  const entry = reader.nested(wire)
  const map = (result[field.name] ?? {}) as Json
  let key = ''
  let value: unknown = field.type === 'string' || field.type === 'bytes' ? '' : undefined
  while (!entry.isAtEnd) {
    const tag = entry.tag()
    if (tag.number === 1) key = entry.text(tag.wire)
    else if (tag.number === 2) value = valueOfType(field.type, entry, tag.wire, depth)
    else entry.skip(tag.wire)
  }
  set(map, key, value)
  set(result, field.name, map)
}

/** As JSON.parse does it: `__proto__` is a name like any other. */
function set(record: Json, name: string, value: unknown): void {
  if (value === undefined) return
  if (name === '__proto__') Object.defineProperty(record, name, { value, enumerable: true })
  else record[name] = value
}

/** `wire` is the wire type of the tag before it. */
function valueOfType(type: string, reader: Reader, wire: number, depth: number): unknown {
  switch (type) {
    case 'string':
      return reader.text(wire)
    case 'bool':
      return reader.integer(wire) !== 0
    case 'int32':
    case 'int64':
    case 'uint32':
    case 'uint64':
      return reader.integer(wire)
    case 'double':
      return reader.double(wire)
    case 'bytes':
      return reader.bytes(wire).toString('base64')
    case 'meta.v1.Time':
      return time(reader.nested(wire), false)
    case 'meta.v1.MicroTime':
      return time(reader.nested(wire), true)
    case 'api.resource.Quantity':
      return scalars(reader.nested(wire)).get(1) ?? '0'
    case 'util.intstr.IntOrString': {
      const parts = scalars(reader.nested(wire))
      return parts.get(1) === 1 ? (parts.get(3) ?? '') : (parts.get(2) ?? 0)
    }
    case 'meta.v1.FieldsV1':
    case 'runtime.RawExtension':
      return embeddedJson(scalars(reader.nested(wire)).get(1))
    case 'meta.v1.Duration':
      return `${Number(scalars(reader.nested(wire)).get(1) ?? 0) / 1e9}s`
    case 'meta.v1.Verbs':
    case 'authorization.v1.ExtraValue':
    case 'authentication.v1.ExtraValue':
    case 'certificates.v1.ExtraValue':
      return message(type, reader.nested(wire), depth + 1).items ?? []
    default:
      return message(type, reader.nested(wire), depth + 1)
  }
}

/** The fields of a small message by number: numbers, and everything else as text. */
function scalars(reader: Reader): Map<number, number | string> {
  const found = new Map<number, number | string>()
  while (!reader.isAtEnd) {
    const { number, wire } = reader.tag()
    found.set(number, wire === 0 ? reader.integer(wire) : reader.text(wire))
  }
  return found
}

function embeddedJson(text: number | string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(String(text))
  } catch {
    throw new ProtobufError('a part of it should be JSON and is not')
  }
}

/** RFC 3339; undefined for a time that was never set. */
function time(reader: Reader, isMicro: boolean): string | undefined {
  const parts = scalars(reader)
  if (parts.size === 0) return undefined
  const ms = Number(parts.get(1) ?? 0) * 1000
  if (!Number.isFinite(ms) || Math.abs(ms) > MOST_MS) throw new ProtobufError('a time is out of range')
  const seconds = new Date(ms).toISOString().slice(0, 19)
  if (!isMicro) return `${seconds}Z`
  return `${seconds}.${String(Math.floor(Number(parts.get(2) ?? 0) / 1000)).padStart(6, '0')}Z`
}
const MOST_MS = 8e15

/**
 * Bodies: bytes into plain values, by content type. CBOR is refused with 415, upon which clients that have JSON use it. Mirrors the serializers of k8s.io/apimachinery.
 */
import { ApiError, parseYaml, type Status, statuses } from '../api/index.ts'
import { UserError } from '../sim/index.ts'
import { decodeProtobuf } from './protobuf/decode.ts'
import { ProtobufError } from './protobuf/reader.ts'
import { PATCH_TYPES } from './query.ts'

/** A body, read. */
export interface Decoded {
  /** Undefined for an empty one. */
  readonly value: unknown
  /** The text as it came, to look for what decoding loses; undefined unless it was JSON. */
  readonly json?: string
}

const EMPTY: Decoded = { value: undefined }
const OBJECTS = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'] as const
/** An object nested deeper than this is nobody's manifest; upstream's decoder stops at 10,000. */
const MOST_DEEP = 1000

/**
 * Reads the body of a create, update or delete. Throws ApiError 400 or 415: kinds that users define have no protobuf,
 * though the options of a delete have.
 */
export function decodeObject(mediaType: string, bytes: Buffer, hasProtobuf = true): Decoded {
  if (bytes.length === 0) return EMPTY
  switch (mediaType) {
    case '':
    case 'application/json':
    case 'application/x-www-form-urlencoded':
    case 'text/plain': {
      const text = textOf(bytes)
      return { value: readJson(text), json: text }
    }
    case 'application/yaml':
    case 'application/x-yaml':
      return { value: readYaml(textOf(bytes)) }
    case 'application/vnd.kubernetes.protobuf':
      if (!hasProtobuf) throw new ApiError(unsupported(OBJECTS.slice(0, 2)))
      return { value: readProtobuf(bytes) }
    default:
      throw new ApiError(unsupported(OBJECTS))
  }
}

/** Reads the body of a patch. Throws ApiError 400 or 415. */
export function decodePatch(mediaType: string, bytes: Buffer): Decoded {
  const type = PATCH_TYPES[mediaType]
  if (!type) throw new ApiError(unsupported(Object.keys(PATCH_TYPES)))
  const text = textOf(bytes)
  if (type === 'apply') {
    // JSON is YAML too, and much sooner read.
    return text.trimStart().startsWith('{')
      ? { value: readJson(text), json: text }
      : { value: readYaml(text) }
  }
  return { value: readJson(text), json: text }
}

function textOf(bytes: Buffer): string {
  try {
    return UTF8.decode(bytes)
  } catch {
    throw new ApiError(statuses.badRequest('the body of the request is not valid UTF-8'))
  }
}
const UTF8 = new TextDecoder('utf-8', { fatal: true })

function readJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const why = (error as Error).message.replaceAll(/\s+/g, ' ').slice(0, 200)
    throw new ApiError(
      statuses.badRequest(`the object provided is unrecognized (must be of type application/json): ${why}`),
    )
  }
  return checked(value)
}

function readYaml(text: string): unknown {
  try {
    return checked(parseYaml('body', text))
  } catch (error) {
    if (error instanceof UserError) throw new ApiError(statuses.badRequest(error.message))
    throw error
  }
}

function readProtobuf(bytes: Buffer): unknown {
  try {
    return checked(decodeProtobuf(bytes))
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error
    throw new ApiError(statuses.badRequest(`the protobuf body cannot be decoded: ${error.message}`))
  }
}

/** Refuses what could only be meant to hurt. */
function checked(value: unknown): unknown {
  if (depthOf(value, 0) > MOST_DEEP) {
    throw new ApiError(statuses.badRequest('the body of the request is nested too deeply'))
  }
  return value
}

function depthOf(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null || depth > MOST_DEEP) return depth
  let most = depth
  for (const key in value) {
    const child = (value as Record<string, unknown>)[key]
    if (typeof child === 'object' && child !== null) most = Math.max(most, depthOf(child, depth + 1))
  }
  return most
}

/** 415 in upstream's words. */
function unsupported(accepted: readonly string[]): Status {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`
  return { ...statuses.badRequest(message), reason: 'UnsupportedMediaType', code: 415 }
}

/**
 * What a request carries, made into an object of its kind: checked against the address it was sent to and, when it
 * comes from outside, against the published schema. Mirrors the decoding in `endpoints/handlers`.
 */
import { type AnyKind, checkSchema, field, hasSpec, type KubeObject } from '../api/index.ts'
import { type Call, refuse, statuses } from './core.ts'
import { servedKind } from './field-tracking.ts'
import { withoutPaths } from './prune.ts'

type Loose = { apiVersion?: unknown; kind?: unknown; metadata?: object }

/** The body of a create or update. Throws ApiError 400 for what is no object of the kind. */
export function objectIn(call: Call): KubeObject {
  const { request } = call
  const kind = servedKind(call)
  const body = request.body as Loose | undefined
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return refuse(statuses.badRequest(`${versionedKind(kind)}: the body is no object`))
  }
  let object = body
  if (object.apiVersion !== kind.apiVersion || object.kind !== kind.kind || !object.metadata) {
    if (request.isFromWire) checkType(kind, object)
    object = { ...object, apiVersion: kind.apiVersion, kind: kind.kind, metadata: object.metadata ?? {} }
  }
  return asStored(call, request.isFromWire ? decoded(call, object as KubeObject) : (object as KubeObject))
}

/** An object of the version that the client speaks, as it is stored. */
export function asStored({ served }: Call, object: KubeObject): KubeObject {
  if (!served?.storedAs) return object
  const { kind, strategy } = served
  const given = (strategy.defaults?.(object) ?? object) as KubeObject
  return served.storedAs.toStored({ ...given, apiVersion: served.apiVersion, kind })
}

/**
 * The object without the fields its kind does not have, which are ignored, warned about or refused as the request
 * says. Throws ApiError 400 (422 where a patch brought them in).
 */
export function decoded(call: Call, object: KubeObject): KubeObject {
  const { options, verb } = call.request
  const kind = servedKind(call)
  const { unknown, typeErrors } = kind.findUnknown?.(object) ?? checkSchema(kind, object)
  const [typeError] = typeErrors
  if (typeError) refuse(statuses.badRequest(`${versionedKind(kind)}: ${typeError}`))
  const { duplicateFields = NONE } = call.request
  if (unknown.length === 0 && duplicateFields.length === 0)
    return kind.findUnknown ? object : withSpec(kind, object)
  const found = [
    ...unknown.map(path => `unknown field ${JSON.stringify(path)}`),
    ...duplicateFields.map(path => `duplicate field ${JSON.stringify(path)}`),
  ]
  switch (options.fieldValidation ?? 'Warn') {
    case 'Strict': {
      const why = `strict decoding error: ${found.join(', ')}`
      if (verb !== 'patch') return refuse(statuses.badRequest(`${versionedKind(kind)}: ${why}`))
      const error = field.invalidValue('patch', JSON.stringify(call.request.body), why)
      return refuse(statuses.invalid(NO_KIND, '', [error]))
    }
    case 'Warn':
      call.warnings.push(...found)
      break
    case 'Ignore':
      break
  }
  // Custom resources are pruned when they get their defaults.
  return kind.findUnknown ? object : withSpec(kind, withoutPaths(object, unknown))
}

/** Go's structs are never absent: an object whose kind has a spec has one, if empty. */
function withSpec(kind: AnyKind, object: KubeObject): KubeObject {
  const { spec } = object as { spec?: unknown }
  return (spec === undefined || spec === null) && hasSpec(kind)
    ? ({ ...object, spec: {} } as KubeObject)
    : object
}

const NONE: readonly string[] = Object.freeze([])

/** As upstream: a refused patch names no kind. */
const NO_KIND = { group: '', plural: '', kind: '' }

/** Refuses an object that names itself otherwise than the URL does. Throws ApiError 400. */
export function checkAddress(call: Call, object: KubeObject): void {
  const { name, namespace, kind } = call.request
  const { metadata } = object
  if (name !== '' && metadata.name && metadata.name !== name) {
    const message = `the name of the object (${metadata.name}) does not match the name on the URL (${name})`
    refuse(statuses.badRequest(message))
  }
  if (kind.isNamespaced && metadata.namespace && metadata.namespace !== namespace) {
    const message = 'the namespace of the provided object does not match the namespace sent on the request'
    refuse(statuses.badRequest(message))
  }
}

function versionedKind(kind: AnyKind): string {
  return `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}`
}

function checkType(kind: AnyKind, object: Loose): void {
  const apiVersion = typeText(kind, object, 'apiVersion')
  const name = typeText(kind, object, 'kind')
  if (name === kind.kind && apiVersion === kind.apiVersion) return
  const slash = apiVersion.indexOf('/')
  const got = `${name} in version ${JSON.stringify(apiVersion.slice(slash + 1))}`
  refuse(
    statuses.badRequest(
      `${got} cannot be handled as a ${kind.kind}: converting (${name}) to (${kind.kind}): unknown conversion`,
    ),
  )
}

/** What the object says of its type; what it leaves out is as the address has it. */
function typeText(kind: AnyKind, object: Loose, member: 'apiVersion' | 'kind'): string {
  const given = object[member] ?? kind[member]
  if (typeof given === 'string') return given
  const got = typeof given === 'boolean' ? 'bool' : Array.isArray(given) ? 'array' : typeof given
  const why = `couldn't get version/kind; json parse error: json: cannot unmarshal ${got} into Go struct field .${member} of type string`
  const text = JSON.stringify(object)
  const summary = text.length > 30 ? `${text.slice(0, 30)} ...` : text
  return refuse(
    statuses.badRequest(
      `the object provided is unrecognized (must be of type ${kind.kind}): ${why} (${summary})`,
    ),
  )
}

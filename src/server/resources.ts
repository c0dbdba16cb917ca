/**
 * Requests for resources: from a route and a body to the API server, and its answer in the form asked for. Watches
 * go on in watch.ts.
 */
import { type AnyKind, ApiError, duplicateFields, type Scheme, type Status, statuses } from '../api/index.ts'
import type { ApiResult, RequestOptions } from '../client/index.ts'
import type { OutsideRequest } from '../cluster/index.ts'
import { type Decoded, decodeObject, decodePatch } from './decode.ts'
import { BODY_LIMIT_BYTES, type Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { type Form, formOf, mediaTypeOf, NOT_ACCEPTABLE } from './negotiate.ts'
import { optionsOf, withDeleteOptions } from './query.ts'
import type { ResourceRoute } from './route.ts'
import { type IncludeObject, piecesOf, shaped } from './shapes.ts'
import { serveWatch } from './watch.ts'

/** Answers a request for a resource of a kind that is served. Throws ApiError for what is refused before the API server sees it. */
export async function serveResource(
  exchange: Exchange,
  route: ResourceRoute,
  kind: AnyKind,
  gateway: Gateway,
): Promise<void> {
  const form = formOf(exchange.header('accept'))
  if (!form) {
    exchange.refuse(NOT_ACCEPTABLE)
    return
  }
  const contentType = mediaTypeOf(exchange.header('content-type'))
  let options = optionsOf(route.verb, exchange.query, contentType)
  let decoded: Decoded = { value: undefined }
  if (WITH_BODY.has(route.verb)) {
    const bytes = await exchange.readBody()
    if (bytes === 'gone') return
    if (bytes === 'too late') {
      exchange.refuse(statuses.timeout('request did not complete within the allotted timeout'))
      return
    }
    if (bytes === 'too large') {
      exchange.refuse(TOO_LARGE)
      return
    }
    const hasProtobuf = !kind.definedBy || OPTIONS_ONLY.has(route.verb)
    decoded =
      route.verb === 'patch' ? decodePatch(contentType, bytes) : decodeObject(contentType, bytes, hasProtobuf)
  }
  if (OPTIONS_ONLY.has(route.verb)) {
    options = withDeleteOptions(options, decoded.value)
    decoded = { value: undefined }
  }
  const request = requestOf(exchange, route, options, decoded)
  const include = includeObject(exchange.query.get('includeObject'))
  if (route.verb === 'watch') serveWatch(exchange, kind, request, form, include, gateway)
  else answer(exchange, kind, request, form, include, gateway)
}

function requestOf(
  exchange: Exchange,
  route: ResourceRoute,
  options: RequestOptions,
  { value, json }: Decoded,
): OutsideRequest {
  const { verb, apiVersion, resource, namespace, name, subresource } = route
  const duplicates = json === undefined || options.patchType === 'json' ? [] : duplicateFields(json)
  return {
    verb,
    apiVersion,
    resource,
    namespace,
    name: verb === 'create' && subresource === '' ? '' : name,
    subresource,
    ...(value !== undefined && { body: value }),
    options,
    ...(duplicates.length > 0 && { duplicateFields: duplicates }),
    userAgent: exchange.header('user-agent')?.slice(0, 128) ?? '',
  }
}

function answer(
  exchange: Exchange,
  kind: AnyKind,
  request: OutsideRequest,
  form: Form,
  include: IncludeObject,
  gateway: Gateway,
): void {
  const reply = async (result: ApiResult) => {
    if (!exchange.isOpen) return
    const { warnings } = result
    if (result.ok) {
      const { now } = gateway.cluster.sim
      if (form.encoding === 'json' && !exchange.isPretty) {
        await exchange.stream(result.code, piecesOf(kind, result.object, form, include, now), warnings)
      } else {
        exchange.send(result.code, shaped(kind, result.object, form, include, now), form.encoding, warnings)
      }
    } else if (result.code === 0) exchange.breakOff()
    else exchange.refuse(result.status, form.encoding, warnings)
  }
  gateway.request(exchange.user, request, reply, () => exchange.fail())
}

/** The kind that a route leads to, if any does. */
export function kindOf(
  scheme: Scheme,
  { apiVersion, resource, namespace }: ResourceRoute,
): AnyKind | undefined {
  const kind = scheme.byResource(apiVersion, resource)
  return kind && (namespace === '' || kind.isNamespaced) ? kind : undefined
}

function includeObject(asked: string | null): IncludeObject {
  if (asked === null || asked === '' || asked === 'Metadata') return 'Metadata'
  if (asked === 'Object' || asked === 'None') return asked
  throw new ApiError(
    statuses.badRequest(
      `unrecognized includeObject value: ${JSON.stringify(asked)}; it is one of "None", "Metadata" and "Object"`,
    ),
  )
}

const OPTIONS_ONLY: ReadonlySet<string> = new Set(['delete', 'deletecollection'])
const WITH_BODY: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection'])

const TOO_LARGE: Status = Object.freeze({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: `Request entity too large: limit is ${BODY_LIMIT_BYTES}`,
  reason: 'RequestEntityTooLarge',
  code: 413,
})

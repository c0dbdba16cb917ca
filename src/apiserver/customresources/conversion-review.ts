/**
 * What is asked of a conversion webhook and what may be believed of its answer. Mirrors `webhook_converter.go` of
 * apiextensions-apiserver. Pure; failures are worded as upstream's.
 */
import type { KubeObject, Status } from '../../api/index.ts'

interface Answer {
  readonly apiVersion?: unknown
  readonly kind?: unknown
  readonly response?: {
    readonly uid?: unknown
    readonly result?: Partial<Status>
    readonly convertedObjects?: readonly unknown[]
  }
}

type Json = Readonly<Record<string, unknown>>

/** The objects in the version that was asked for, in order, or why there are none. */
export type Converted = { readonly objects: readonly KubeObject[] } | { readonly failure: string }

/** The first of the review versions that both sides know; undefined when there is none. */
export function reviewVersion(known: readonly string[] | undefined): string | undefined {
  const version = known?.find(one => one === 'v1' || one === 'v1beta1')
  return version && `apiextensions.k8s.io/${version}`
}

export function conversionReview(
  uid: string,
  apiVersion: string,
  desiredAPIVersion: string,
  objects: readonly KubeObject[],
): object {
  return { apiVersion, kind: 'ConversionReview', request: { uid, desiredAPIVersion, objects } }
}

/** Checks what has come back for `originals`, and gives it the metadata that no webhook may change. */
export function readConversion(
  body: unknown,
  uid: string,
  reviewed: string,
  desired: string,
  originals: readonly KubeObject[],
): Converted {
  const webhook = `conversion webhook for ${typeOf(originals[0]!)}`
  const failed = (why: string): Converted => ({ failure: `${webhook} failed: ${why}` })
  if (!isRecord(body)) {
    return failed("couldn't get version/kind; json parse error: invalid character in the answer")
  }
  const { apiVersion, kind, response } = body as Answer
  if (!reviewed.endsWith('v1beta1') && (apiVersion !== reviewed || kind !== 'ConversionReview')) {
    const got = typeOf({ apiVersion: String(apiVersion ?? ''), kind: String(kind ?? '') })
    return failed(`expected webhook response of ${reviewed}, Kind=ConversionReview, got ${got}`)
  }
  if (!response) return failed('no response provided')
  if (!reviewed.endsWith('v1beta1') && response.uid !== uid) {
    return failed(
      `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(String(response.uid ?? ''))}`,
    )
  }
  const { status = '', message } = response.result ?? {}
  if (status !== 'Success') return failed(message || `response.result.status was '${status}', not 'Success'`)
  const { convertedObjects = [] } = response
  if (convertedObjects.length !== originals.length) {
    return {
      failure: `${webhook} returned ${convertedObjects.length} objects, expected ${originals.length}`,
    }
  }
  const objects: KubeObject[] = []
  for (const [i, original] of originals.entries()) {
    const checked = restored(convertedObjects[i], original, desired)
    if (typeof checked === 'string') {
      const which = originals.length === 1 ? 'object' : `converted object at index ${i}`
      return { failure: `${webhook} returned invalid ${checked.replace('object', which)}` }
    }
    objects.push(checked)
  }
  return { objects }
}

/** One converted object with its original's metadata but for labels and annotations; or what is wrong with it. */
function restored(converted: unknown, original: KubeObject, desired: string): KubeObject | string {
  if (!isRecord(converted)) return 'object: it is no object'
  const { apiVersion, kind, metadata } = converted as Partial<KubeObject>
  if (apiVersion !== desired) {
    return `object: invalid groupVersion (expected ${desired}, received ${apiVersion ?? ''})`
  }
  if (kind !== original.kind)
    return `object: invalid kind (expected ${original.kind}, received ${kind ?? ''})`
  for (const [field, word] of SAME) {
    const [before, after] = [original.metadata[field] ?? '', (metadata as Json | undefined)?.[field] ?? '']
    if (before !== after) return `object: must have the same ${word}: ${before} != ${after}`
  }
  if (metadata === undefined) return 'metadata: missing metadata in converted object'
  const kept: Record<string, unknown> = { ...original.metadata }
  for (const field of ['labels', 'annotations'] as const) {
    const given: unknown = metadata[field]
    delete kept[field]
    if (given === undefined || given === null) continue
    if (!isRecord(given))
      return `metadata: invalid metadata.${field} of type ${goType(given)} in converted object`
    for (const [key, value] of Object.entries(given)) {
      if (typeof value === 'string') continue
      return `metadata: metadata.${field}[${key}] must be a string, but is ${goType(value)} in converted object`
    }
    kept[field] = given
  }
  return { ...converted, metadata: kept } as unknown as KubeObject
}

const SAME = [
  ['name', 'name'],
  ['namespace', 'namespace'],
  ['uid', 'UID'],
] as const

/** `example.com/v1, Kind=Widget` */
function typeOf({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): string {
  return `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`
}

function goType(value: unknown): string {
  if (value === null) return '<nil>'
  if (Array.isArray(value)) return '[]interface {}'
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'boolean':
      return 'bool'
    case 'number':
      return Number.isInteger(value) ? 'int64' : 'float64'
    default:
      return 'map[string]interface {}'
  }
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

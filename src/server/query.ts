/**
 * Query parameters and DeleteOptions bodies as {@link RequestOptions}. Mirrors the decoding of `metav1.ListOptions`,
 * `CreateOptions`, `PatchOptions` and `DeleteOptions`.
 */
import { ApiError, statuses } from '../api/index.ts'
import type { PatchType, RequestOptions, Verb } from '../client/index.ts'
import { isTrue } from './route.ts'

type Draft = { -readonly [K in keyof RequestOptions]: RequestOptions[K] }

const TEXTS = ['labelSelector', 'fieldSelector', 'continue', 'resourceVersion', 'fieldManager'] as const
const NUMBERS = ['limit', 'timeoutSeconds', 'gracePeriodSeconds'] as const
const FLAGS = ['allowWatchBookmarks', 'sendInitialEvents', 'force'] as const
const CHOICES = {
  resourceVersionMatch: ['Exact', 'NotOlderThan'],
  fieldValidation: ['Ignore', 'Warn', 'Strict'],
  propagationPolicy: ['Background', 'Foreground', 'Orphan'],
} as const

/** Reads a query. Throws ApiError 400 or 422. */
export function optionsOf(verb: Verb, query: URLSearchParams, contentType: string): RequestOptions {
  const options: Draft = {}
  for (const name of TEXTS) {
    const text = query.get(name)
    if (text) options[name] = text
  }
  for (const name of NUMBERS) {
    const text = query.get(name)
    if (text) options[name] = readNumber(name, text)
  }
  for (const name of FLAGS) {
    const text = query.get(name)
    if (text !== null) (options as Record<string, unknown>)[name] = isTrue(text)
  }
  for (const name of Object.keys(CHOICES) as (keyof typeof CHOICES)[]) {
    const text = query.get(name)
    if (text) (options as Record<string, unknown>)[name] = readChoice(verb, name, text)
  }
  const dryRun = query.getAll('dryRun').filter(text => text !== '')
  if (dryRun.length > 0) {
    readDryRun(verb, dryRun)
    options.dryRun = true
  }
  if (verb === 'patch') {
    const patchType = PATCH_TYPES[contentType]
    if (patchType) options.patchType = patchType
  }
  return options
}

/** By content type. */
export const PATCH_TYPES: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply' as PatchType,
}

/** Adds what the body of a DELETE says; the body wins over the query. Throws ApiError 400 or 422. */
export function withDeleteOptions(options: RequestOptions, body: unknown): RequestOptions {
  if (body === undefined || body === null) return options
  if (typeof body !== 'object' || Array.isArray(body)) {
    throw new ApiError(statuses.badRequest('the body of the request is no DeleteOptions'))
  }
  const given = body as Record<string, unknown>
  if (given.kind !== undefined && given.kind !== 'DeleteOptions') {
    const [version, kind] = [given.apiVersion ?? '', given.kind].map(one =>
      typeof one === 'string' ? one : JSON.stringify(one),
    )
    throw new ApiError(statuses.badRequest(`cannot convert ${version}, Kind=${kind} to DeleteOptions`))
  }
  const merged: Draft = { ...options }
  if (typeof given.gracePeriodSeconds === 'number') merged.gracePeriodSeconds = given.gracePeriodSeconds
  if (typeof given.propagationPolicy === 'string') {
    merged.propagationPolicy = readChoice('delete', 'propagationPolicy', given.propagationPolicy)
  }
  if (typeof given.orphanDependents === 'boolean') {
    merged.propagationPolicy = given.orphanDependents ? 'Orphan' : 'Background'
  }
  const { dryRun, preconditions } = given
  if (Array.isArray(dryRun) && dryRun.length > 0) {
    readDryRun(
      'delete',
      dryRun.map(one => (typeof one === 'string' ? one : JSON.stringify(one))),
    )
    merged.dryRun = true
  }
  if (typeof preconditions === 'object' && preconditions !== null) {
    const { uid, resourceVersion } = preconditions as { uid?: unknown; resourceVersion?: unknown }
    merged.preconditions = {
      ...(typeof uid === 'string' && { uid }),
      ...(typeof resourceVersion === 'string' && { resourceVersion }),
    }
  }
  return merged
}

function readNumber(name: string, text: string): number {
  const value = /^[+-]?\d{1,18}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(value)) {
    const why = `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`
    throw new ApiError(statuses.badRequest(why))
  }
  if (value < 0 && name === 'gracePeriodSeconds') {
    const error = {
      reason: 'FieldValueInvalid' as const,
      field: name,
      message: `Invalid value: ${value}: must be greater than or equal to 0`,
    }
    throw new ApiError(statuses.invalid(optionsKind('delete'), '', [error]))
  }
  return value
}

function readChoice<N extends keyof typeof CHOICES>(
  verb: Verb,
  name: N,
  text: string,
): (typeof CHOICES)[N][number] {
  const choices: readonly string[] = CHOICES[name]
  if (choices.includes(text)) return text as (typeof CHOICES)[N][number]
  const supported = choices.map(choice => JSON.stringify(choice)).join(', ')
  const error = {
    reason: 'FieldValueNotSupported' as const,
    field: name,
    message: `Unsupported value: ${JSON.stringify(text)}: supported values: ${supported}`,
  }
  throw new ApiError(statuses.invalid(optionsKind(verb), '', [error]))
}

function readDryRun(verb: Verb, values: readonly string[]): void {
  if (values.every(value => value === 'All')) return
  const error = {
    reason: 'FieldValueNotSupported' as const,
    field: 'dryRun',
    message: `Unsupported value: ${JSON.stringify(values.join(','))}: supported values: "All"`,
  }
  throw new ApiError(statuses.invalid(optionsKind(verb), '', [error]))
}

function optionsKind(verb: Verb): { group: string; plural: string; kind: string } {
  const names: Partial<Record<Verb, string>> = {
    create: 'CreateOptions',
    update: 'UpdateOptions',
    patch: 'PatchOptions',
    delete: 'DeleteOptions',
    deletecollection: 'DeleteOptions',
  }
  const kind = names[verb] ?? 'ListOptions'
  return { group: 'meta.k8s.io', plural: kind.toLowerCase(), kind }
}

/** A patch document applied to what is stored. Mirrors `handlers/patch.go`; merging itself is in `api/patch`. */
import {
  applyJsonPatch,
  applyMergePatch,
  applyStrategicMergePatch,
  type KubeObject,
  type MergeRules,
  mergeRulesOf,
  PatchError,
  type Status,
  statuses,
} from '../api/index.ts'
import { type Call, refuse } from './core.ts'

type JsonRecord = Readonly<Record<string, unknown>>

/** `current` as the request's patch wants it. Throws ApiError 400, 415, 422 or 500. */
export function patched(call: Call, current: KubeObject): KubeObject {
  try {
    const result = apply(call, current)
    if (typeof result === 'object' && result !== null && 'metadata' in result) return result as KubeObject
    return refuse(statuses.badRequest('the patched object is no object with metadata'))
  } catch (error) {
    if (!(error instanceof PatchError)) throw error
    return refuse(statusOf(error))
  }
}

function apply(call: Call, current: KubeObject): unknown {
  const { body, options, kind } = call.request
  switch (options.patchType) {
    case 'json':
      return applyJsonPatch(current, body)
    case 'merge':
      requireObject(body)
      return applyMergePatch(current, body)
    case 'strategic': {
      const rules = current.kind === 'Scale' ? NO_RULES : mergeRulesOf(kind.kind)
      if (!rules) return refuse(unsupported(ACCEPTED.slice(0, 2)))
      requireObject(body)
      return applyStrategicMergePatch(current as unknown as JsonRecord, body, rules)
    }
    default:
      return refuse(unsupported(ACCEPTED))
  }
}

const NO_RULES: MergeRules = Object.freeze({})
const ACCEPTED = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
]

function requireObject(body: unknown): asserts body is JsonRecord {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return
  const got = Array.isArray(body) ? 'array' : typeof body
  const what = 'error decoding patch: json: cannot unmarshal'
  refuse(statuses.badRequest(`${what} ${got} into Go value of type map[string]interface {}`))
}

function unsupported(accepted: readonly string[]): Status {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`
  return { ...statuses.badRequest(message), reason: 'UnsupportedMediaType', code: 415 }
}

function statusOf(error: PatchError): Status {
  if (error.code === 400) return statuses.badRequest(error.message)
  if (error.code === 500) return { ...statuses.badRequest(error.message), reason: '', code: 500 }
  const message = 'the server rejected our request due to an error in our request'
  // What is wrong stays untold, as upstream.
  return { ...statuses.badRequest(message), reason: 'Invalid', details: {}, code: 422 }
}

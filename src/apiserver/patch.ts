/** A patch document applied to what is stored. Mirrors `handlers/patch.go`; merging itself is in `api/patch`. */
import type { KubeObject } from '../api/index.ts'
import { type Call, refuse, statuses } from './core.ts'

/** `current` as the request's patch wants it. Throws ApiError 400, 415 or 422. */
export function patched(call: Call, current: KubeObject): KubeObject {
  const { request } = call
  void current
  return refuse(statuses.badRequest(`no patches yet: ${request.options.patchType}`))
}

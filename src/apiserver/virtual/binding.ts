/** `POST bindings`: the same as `pods/binding` of the pod that the Binding is named after. */
import { Bindings, Pods } from '../../api/index.ts'
import { objectIn } from '../body.ts'
import type { Call } from '../core.ts'

/** What a request about a virtual kind is really about; undefined when it is about itself. Throws ApiError. */
export function redirected(call: Call): Call | undefined {
  const { request } = call
  if (request.kind !== Bindings) return undefined
  const { name } = objectIn(call).metadata
  return { ...call, request: { ...request, kind: Pods, name, subresource: 'binding' } }
}

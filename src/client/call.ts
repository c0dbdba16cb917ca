/** Requests as a process writes them: `const result = yield* call(api, request)`. */
import type { AnyKind, KindDefinition, KubeList, KubeObject, NewObject } from '../api/index.ts'
import type { Routine } from '../sim/index.ts'
import type { ApiPort, ApiRequest, ApiResult, RequestOptions } from './api-port.ts'
import { requestFor } from './api-port.ts'

/** Sends a request and waits for its answer. A refusal is a value; code 0 means that no answer came. */
export function* call<T = KubeObject>(api: ApiPort, request: ApiRequest): Routine<ApiResult<T>> {
  return (yield {
    arm: process => api.request(request, result => process.resume(result)),
  }) as ApiResult<T>
}

export function getObject<T extends KubeObject>(
  api: ApiPort,
  kind: KindDefinition<T>,
  namespace: string,
  name: string,
): Routine<ApiResult<T>> {
  return call<T>(api, requestFor('get', kind, namespace, name))
}

export function listObjects<T extends KubeObject>(
  api: ApiPort,
  kind: KindDefinition<T>,
  namespace: string,
  options?: RequestOptions,
): Routine<ApiResult<KubeList<T>>> {
  return call<KubeList<T>>(api, requestFor('list', kind, namespace, '', { options }))
}

export function createObject<T extends KubeObject>(
  api: ApiPort,
  kind: KindDefinition<T>,
  object: NewObject<T>,
): Routine<ApiResult<T>> {
  const { namespace = '', name = '' } = object.metadata
  return call<T>(api, requestFor('create', kind, namespace, name, { body: object }))
}

/** PUT of the whole object, on the main resource or a subresource, with its resourceVersion. */
export function updateObject<T extends KubeObject>(
  api: ApiPort,
  kind: KindDefinition<T>,
  object: T,
  subresource = '',
): Routine<ApiResult<T>> {
  const { namespace = '', name } = object.metadata
  return call<T>(api, requestFor('update', kind, namespace, name, { subresource, body: object }))
}

/** Deletes with the object's uid as a precondition unless `options` say otherwise. */
export function deleteObject(
  api: ApiPort,
  kind: AnyKind,
  object: KubeObject,
  options: RequestOptions = { preconditions: { uid: object.metadata.uid } },
): Routine<ApiResult> {
  const { namespace = '', name } = object.metadata
  return call(api, requestFor('delete', kind, namespace, name, { options }))
}

/** Objects that the server makes for itself. */
import type { AnyKind } from '../api/index.ts'
import {
  type ApiRequest,
  type ApiResult,
  type ApiServerPort,
  NO_OPTIONS,
  type UserInfo,
} from '../client/index.ts'
import { callback, type Routine, sleep } from '../sim/index.ts'

const RETRY_MS = 1000

/** Who the server is when it talks to itself. */
export const LOOPBACK_USER: UserInfo = Object.freeze({
  name: 'system:apiserver',
  groups: Object.freeze(['system:masters', 'system:authenticated']) as readonly string[],
})

/** Creates an object unless it is there; asks again while the store is away. */
export function* ensure(
  server: ApiServerPort,
  kind: AnyKind,
  namespace: string,
  body: unknown,
): Routine<void> {
  const request: ApiRequest = {
    verb: 'create',
    kind,
    namespace,
    name: '',
    subresource: '',
    body,
    options: NO_OPTIONS,
  }
  for (;;) {
    const result = yield* callback<ApiResult<never>>(done => server.request(LOOPBACK_USER, request, done))
    if (result.ok || result.code < 500) return
    yield* sleep(RETRY_MS)
  }
}

/**
 * Subresources that connect to something: streams into pods (`exec`, `attach`, `portforward`), and the proxies of pods,
 * services and nodes. Asked for here is only whether it may be connected to, by the admission step of
 * `handlers.ConnectResource`; the bytes are the door's.
 */
import { type AnyKind, type KubeObject, Nodes, Pods, Services } from '../../api/index.ts'
import type { ApiResult, Verb } from '../../client/index.ts'
import type { Routine } from '../../sim/index.ts'
import { answer, type Call, type Core } from '../core.ts'
import { admitted } from '../subresource-admission.ts'
import type { SubresourceHandler } from './handler.ts'

/** Upstream's ConnectMethods. A WebSocket comes as GET whatever it opens. */
const STREAM: readonly Verb[] = ['get', 'create']
const PROXY: readonly Verb[] = ['get', 'create', 'update', 'patch', 'delete']

const connecter = (kind: AnyKind, subresource: string, connects: readonly Verb[]): SubresourceHandler => ({
  kind,
  subresource,
  connects,
  handle: connect,
})

export const CONNECTERS: readonly SubresourceHandler[] = [
  connecter(Pods, 'attach', STREAM),
  connecter(Pods, 'exec', STREAM),
  connecter(Pods, 'portforward', STREAM),
  connecter(Pods, 'proxy', PROXY),
  connecter(Services, 'proxy', PROXY),
  connecter(Nodes, 'proxy', PROXY),
]

/** The body is what the query of the connection says, as options of the type that the kind's definition names. */
function* connect(core: Core, call: Call): Routine<ApiResult> {
  const { kind: resource, subresource, body } = call.request
  const bodyKind = resource.actions![subresource]!.body!
  const given = { apiVersion: 'v1', kind: bodyKind.kind, ...(body as object | undefined) }
  const object = yield* admitted(core, call, {
    operation: 'CONNECT',
    object: given as unknown as KubeObject,
    old: undefined,
    bodyKind,
  })
  return answer(call, 200, object)
}

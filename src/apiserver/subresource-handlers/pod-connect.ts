/**
 * `pods/exec`, `pods/attach`, `pods/portforward`: whether a stream may be opened. Mirrors the admission step of
 * `handlers.ConnectResource`; the stream itself is the door's.
 */
import { type KubeObject, Pods } from '../../api/index.ts'
import type { ApiResult } from '../../client/index.ts'
import type { Routine } from '../../sim/index.ts'
import { answer, type Call, type Core } from '../core.ts'
import { admitted } from '../subresource-admission.ts'
import type { SubresourceHandler } from './handler.ts'

const OPTIONS: Readonly<Record<string, string>> = {
  exec: 'PodExecOptions',
  attach: 'PodAttachOptions',
  portforward: 'PodPortForwardOptions',
}

/** Subresources of pods that are streams. */
export const POD_STREAMS: readonly SubresourceHandler[] = Object.keys(OPTIONS).map(subresource => ({
  kind: Pods,
  subresource,
  handle: connect,
}))

function* connect(core: Core, call: Call): Routine<ApiResult> {
  const kind = OPTIONS[call.request.subresource]!
  const given = { apiVersion: 'v1', kind, ...(call.request.body as object | undefined) }
  const object = yield* admitted(core, call, {
    operation: 'CONNECT',
    object: given as unknown as KubeObject,
    old: undefined,
    bodyKind: { group: '', version: 'v1', kind },
  })
  return answer(call, 200, object)
}

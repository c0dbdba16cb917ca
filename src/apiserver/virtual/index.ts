/** Every kind that the server answers and never stores. A new one is a file here and a line below. */
import type { AnyKind, KubeObject } from '../../api/index.ts'
import type { ApiResult } from '../../client/index.ts'
import { assert } from '../../sim/index.ts'
import { checkAddress, objectIn } from '../body.ts'
import { answer, type Call, type Core, refuse, statuses } from '../core.ts'
import { selectionOf } from '../selection.ts'
import { isSelected } from '../watchers.ts'
import { COMPONENT_STATUS } from './component-statuses.ts'
import type { VirtualHandler } from './handler.ts'
import { NODE_METRICS, POD_METRICS } from './resource-metrics.ts'
import { SELF_SUBJECT_REVIEW } from './self-subject-review.ts'
import { SELF_SUBJECT_RULES_REVIEW } from './self-subject-rules-review.ts'
import {
  LOCAL_SUBJECT_ACCESS_REVIEW,
  SELF_SUBJECT_ACCESS_REVIEW,
  SUBJECT_ACCESS_REVIEW,
} from './subject-access-review.ts'
import { TOKEN_REVIEW } from './token-review.ts'

const VIRTUAL_HANDLERS: readonly VirtualHandler[] = [
  TOKEN_REVIEW,
  SELF_SUBJECT_REVIEW,
  SUBJECT_ACCESS_REVIEW,
  LOCAL_SUBJECT_ACCESS_REVIEW,
  SELF_SUBJECT_ACCESS_REVIEW,
  SELF_SUBJECT_RULES_REVIEW,
  COMPONENT_STATUS,
  NODE_METRICS,
  POD_METRICS,
]

const handlers = new Map<AnyKind, VirtualHandler>(VIRTUAL_HANDLERS.map(handler => [handler.kind, handler]))

/** A request about a virtual kind. Throws ApiError to refuse. */
export function answerVirtual(core: Core, call: Call): ApiResult {
  const { kind } = call.request
  const handler = handlers.get(kind)
  assert(handler, `${kind.plural} has a handler`)
  if (handler.objects) return read(core, call, handler, handler.objects(core, call))
  assert(handler.answer, `${kind.plural} can be created if they cannot be read`)
  const asked = objectIn(call)
  checkAddress(call, asked)
  return answer(call, 201, handler.answer(core, call, asked))
}

function read(
  core: Core,
  call: Call,
  { missing }: VirtualHandler,
  objects: readonly KubeObject[],
): ApiResult {
  const { kind, verb, name, namespace } = call.request
  if (verb === 'get') {
    const object = objects.find(
      ({ metadata }) => metadata.name === name && (metadata.namespace ?? '') === namespace,
    )
    return object ? answer(call, 200, object) : refuse(missing?.(core, call) ?? statuses.notFound(kind, name))
  }
  const { apiVersion } = kind
  const metadata = { resourceVersion: `${core.cacher.revision}` }
  const selection = selectionOf(call)
  const items = objects.filter(object => isSelected(selection, object))
  return answer(call, 200, { apiVersion, kind: `${kind.kind}List`, metadata, items })
}

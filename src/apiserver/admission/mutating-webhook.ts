/**
 * MutatingAdmissionWebhook: objects as others want them, one webhook after another in the order of their
 * configurations' names. Mirrors `plugin/webhook/mutating`: who wants to be asked again after later changes is, once.
 */
import {
  ApiError,
  applyJsonPatch,
  decodeBase64,
  type KubeObject,
  type MutatingWebhookConfiguration,
  MutatingWebhookConfigurations,
  PatchError,
  statuses,
} from '../../api/index.ts'
import type { Routine } from '../../sim/index.ts'
import type { Core } from '../core.ts'
import type { AdmissionPlugin, Attributes } from './plugin.ts'
import { decodedAgain } from './shared/review-answer.ts'
import { ask, isConcerned, type Webhook } from './shared/webhook-calls.ts'

interface MutatingWebhook extends Webhook {
  readonly reinvocationPolicy?: string
}

export const MUTATING_ADMISSION_WEBHOOK: AdmissionPlugin = {
  name: 'MutatingAdmissionWebhook',

  handles: kind => kind.group !== 'admissionregistration.k8s.io' && !kind.isVirtual,
  isActive: view => view.hasAny(MutatingWebhookConfigurations),
  waits: (_attributes, view) => view.hasAny(MutatingWebhookConfigurations),

  *admitWaiting(given, attributes, core) {
    let object = given
    const asked = new Map<MutatingWebhook, KubeObject | undefined>()
    for (const webhook of webhooksOf(core)) {
      if (!isConcerned(webhook, object, attributes, core.admission.view)) continue
      object = yield* mutated(webhook, object, attributes, core)
      asked.set(webhook, object)
    }
    for (const [webhook, left] of asked) {
      if (webhook.reinvocationPolicy !== 'IfNeeded' || left === object) continue
      if (isConcerned(webhook, object, attributes, core.admission.view)) {
        object = yield* mutated(webhook, object, attributes, core)
      }
    }
    return object
  },
}

function webhooksOf(core: Core): MutatingWebhook[] {
  const entries = core.cacher.known(MutatingWebhookConfigurations)?.list('') ?? []
  return entries.flatMap(
    ({ object }) => ((object as MutatingWebhookConfiguration).webhooks ?? []) as MutatingWebhook[],
  )
}

function* mutated(
  webhook: MutatingWebhook,
  object: KubeObject | undefined,
  attributes: Attributes,
  core: Core,
): Routine<KubeObject | undefined> {
  const answer = yield* ask(webhook, object, attributes, core, true)
  if (!answer?.patch) return object
  if (!object) {
    const why = 'attempted to modify the object, which is not supported for this operation'
    throw new ApiError(statuses.internalError(`admission webhook ${JSON.stringify(webhook.name)} ${why}`))
  }
  const { kind, bodyKind } = attributes
  const patched = decodedAgain(patchedBy(answer.patch, object), bodyKind ?? kind)
  if (typeof patched === 'string') throw new ApiError(statuses.internalError(patched))
  return bodyKind ? patched : ((kind.strategy.defaults?.(patched) ?? patched) as KubeObject)
}

/** Throws ApiError for what is no patch, or does not fit. */
function patchedBy(base64: string, object: KubeObject): unknown {
  try {
    return applyJsonPatch(object, JSON.parse(decodeBase64(base64)))
  } catch (error) {
    if (!(error instanceof PatchError || error instanceof SyntaxError)) throw error
    throw new ApiError(statuses.internalError(error.message))
  }
}

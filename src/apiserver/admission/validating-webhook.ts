/**
 * ValidatingAdmissionWebhook: others' word on what is about to be stored. Mirrors `plugin/webhook/validating`; asks one
 * after another, where upstream asks all at once.
 */
import { type ValidatingWebhookConfiguration, ValidatingWebhookConfigurations } from '../../api/index.ts'
import type { AdmissionPlugin } from './plugin.ts'
import { ask, isConcerned, type Webhook } from './shared/webhook-calls.ts'

export const VALIDATING_ADMISSION_WEBHOOK: AdmissionPlugin = {
  name: 'ValidatingAdmissionWebhook',

  handles: kind => kind.group !== 'admissionregistration.k8s.io' && !kind.isVirtual,
  isActive: view => view.hasAny(ValidatingWebhookConfigurations),
  waits: (_attributes, view) => view.hasAny(ValidatingWebhookConfigurations),

  *validateWaiting(object, attributes, core) {
    const entries = core.cacher.known(ValidatingWebhookConfigurations)?.list('') ?? []
    for (const { object: configuration } of [...entries]) {
      const webhooks = ((configuration as ValidatingWebhookConfiguration).webhooks ??
        []) as readonly Webhook[]
      for (const webhook of webhooks) {
        if (!isConcerned(webhook, object, attributes, core.admission.view)) continue
        yield* ask(webhook, object, attributes, core, false)
      }
    }
  },
}

/** The shape of a MutatingWebhookConfiguration. */
import type { MutatingWebhook } from 'kubernetes-types/admissionregistration/v1.js'
import type { KubeObject } from '../../object.ts'

export interface MutatingWebhookConfiguration extends KubeObject {
  webhooks?: MutatingWebhook[]
}

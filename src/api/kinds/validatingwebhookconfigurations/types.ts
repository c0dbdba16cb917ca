/** The shape of a ValidatingWebhookConfiguration. */
import type { ValidatingWebhook } from 'kubernetes-types/admissionregistration/v1.js'
import type { KubeObject } from '../../object.ts'

export interface ValidatingWebhookConfiguration extends KubeObject {
  webhooks?: ValidatingWebhook[]
}

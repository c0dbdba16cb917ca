/** The shape of a ValidatingWebhookConfiguration. */
import type { ValidatingWebhook as LooseValidatingWebhook } from 'kubernetes-types/admissionregistration/v1.js'
import type { KubeObject } from '../../object.ts'
import type { AdmissionRule } from '../shared/admission-rule-rules.ts'

export type ValidatingWebhook = Omit<LooseValidatingWebhook, 'rules'> & { rules?: AdmissionRule[] }

export interface ValidatingWebhookConfiguration extends KubeObject {
  webhooks?: ValidatingWebhook[]
}

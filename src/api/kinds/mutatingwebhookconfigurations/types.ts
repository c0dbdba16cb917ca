/** The shape of a MutatingWebhookConfiguration. */
import type { MutatingWebhook as LooseMutatingWebhook } from 'kubernetes-types/admissionregistration/v1.js'
import type { KubeObject } from '../../object.ts'
import type { AdmissionRule } from '../shared/admission-rule-rules.ts'

export type MutatingWebhook = Omit<LooseMutatingWebhook, 'rules'> & { rules?: AdmissionRule[] }

export interface MutatingWebhookConfiguration extends KubeObject {
  webhooks?: MutatingWebhook[]
}

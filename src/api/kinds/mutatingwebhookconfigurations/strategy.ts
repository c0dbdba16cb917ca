/** How MutatingWebhookConfigurations are created and changed. Mirrors pkg/apis/admissionregistration. */
import type { Strategy } from '../../define-kind.ts'
import { webhookStrategy } from '../shared/webhook-strategy.ts'
import type { MutatingWebhookConfiguration } from './types.ts'

export const mutatingWebhookConfigurationStrategy: Strategy<MutatingWebhookConfiguration> = webhookStrategy()

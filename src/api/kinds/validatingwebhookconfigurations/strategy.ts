/** How ValidatingWebhookConfigurations are created and changed. Mirrors pkg/apis/admissionregistration. */
import type { Strategy } from '../../define-kind.ts'
import { webhookStrategy } from '../shared/webhook-strategy.ts'
import type { ValidatingWebhookConfiguration } from './types.ts'

export const validatingWebhookConfigurationStrategy: Strategy<ValidatingWebhookConfiguration> =
  webhookStrategy()

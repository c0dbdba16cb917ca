/** `kubectl get validatingwebhookconfigurations` */
import type { Column } from '../../define-kind.ts'
import { countColumn } from '../shared/columns.ts'
import type { ValidatingWebhookConfiguration } from './types.ts'

export const validatingWebhookConfigurationColumns: readonly Column<ValidatingWebhookConfiguration>[] = [
  countColumn(
    'Webhooks',
    'Webhooks indicates the number of webhooks registered in this configuration',
    configuration => configuration.webhooks,
  ),
]

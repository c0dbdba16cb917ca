/** `kubectl get mutatingwebhookconfigurations` */
import type { Column } from '../../define-kind.ts'
import { countColumn } from '../shared/columns.ts'
import type { MutatingWebhookConfiguration } from './types.ts'

export const mutatingWebhookConfigurationColumns: readonly Column<MutatingWebhookConfiguration>[] = [
  countColumn(
    'Webhooks',
    'Webhooks indicates the number of webhooks registered in this configuration',
    configuration => configuration.webhooks,
  ),
]

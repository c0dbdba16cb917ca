/** `kubectl get mutatingwebhookconfigurations` */
import { defineKind } from '../../define-kind.ts'
import { mutatingWebhookConfigurationColumns } from './columns.ts'
import { mutatingWebhookConfigurationStrategy } from './strategy.ts'
import type { MutatingWebhookConfiguration } from './types.ts'

export const MutatingWebhookConfigurations = defineKind<MutatingWebhookConfiguration>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingWebhookConfiguration',
  plural: 'mutatingwebhookconfigurations',
  singular: 'mutatingwebhookconfiguration',
  categories: ['api-extensions'],
  isNamespaced: false,
  schema: 'io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration',
  columns: mutatingWebhookConfigurationColumns,
  strategy: mutatingWebhookConfigurationStrategy,
})

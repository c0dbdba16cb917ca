/** `kubectl get validatingwebhookconfigurations` */
import { defineKind } from '../../define-kind.ts'
import { validatingWebhookConfigurationColumns } from './columns.ts'
import { validatingWebhookConfigurationStrategy } from './strategy.ts'
import type { ValidatingWebhookConfiguration } from './types.ts'

export const ValidatingWebhookConfigurations = defineKind<ValidatingWebhookConfiguration>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingWebhookConfiguration',
  plural: 'validatingwebhookconfigurations',
  singular: 'validatingwebhookconfiguration',
  categories: ['api-extensions'],
  isNamespaced: false,
  schema: 'io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration',
  columns: validatingWebhookConfigurationColumns,
  strategy: validatingWebhookConfigurationStrategy,
})

/** `kubectl get prioritylevelconfigurations` */
import { defineKind } from '../../define-kind.ts'
import { priorityLevelConfigurationColumns } from './columns.ts'
import { priorityLevelConfigurationStrategy } from './strategy.ts'
import type { PriorityLevelConfiguration } from './types.ts'

export const PriorityLevelConfigurations = defineKind<PriorityLevelConfiguration>({
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: 'PriorityLevelConfiguration',
  plural: 'prioritylevelconfigurations',
  singular: 'prioritylevelconfiguration',
  isNamespaced: false,
  hasStatus: true,
  schema: 'io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration',
  columns: priorityLevelConfigurationColumns,
  strategy: priorityLevelConfigurationStrategy,
})

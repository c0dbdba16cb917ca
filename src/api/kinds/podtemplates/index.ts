/** `kubectl get podtemplates` */
import { defineKind } from '../../define-kind.ts'
import { podTemplateColumns } from './columns.ts'
import { podTemplateStrategy } from './strategy.ts'
import type { PodTemplate } from './types.ts'

export const PodTemplates = defineKind<PodTemplate>({
  group: '',
  version: 'v1',
  kind: 'PodTemplate',
  plural: 'podtemplates',
  singular: 'podtemplate',
  isNamespaced: true,
  schema: 'io.k8s.api.core.v1.PodTemplate',
  columnsAreComplete: true,
  columns: podTemplateColumns,
  strategy: podTemplateStrategy,
})

/** `kubectl get componentstatuses`. Answered by the API server, never stored. */
import { defineKind } from '../../define-kind.ts'
import { componentStatusColumns } from './columns.ts'
import type { ComponentStatus } from './types.ts'

export const ComponentStatuses = defineKind<ComponentStatus>({
  group: '',
  version: 'v1',
  kind: 'ComponentStatus',
  plural: 'componentstatuses',
  singular: 'componentstatus',
  shortNames: ['cs'],
  isNamespaced: false,
  isVirtual: true,
  verbs: ['get', 'list'],
  deprecation: 'v1 ComponentStatus is deprecated in v1.19+',
  schema: 'io.k8s.api.core.v1.ComponentStatus',
  columnsAreComplete: true,
  columns: componentStatusColumns,
})

/** `kubectl get namespaces` */
import { defineKind } from '../../define-kind.ts'
import { namespaceColumns } from './columns.ts'
import { finalizeNamespace, namespaceStrategy } from './strategy.ts'
import type { Namespace } from './types.ts'

export const Namespaces = defineKind<Namespace>({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  singular: 'namespace',
  shortNames: ['ns'],
  isNamespaced: false,
  hasStatus: true,
  schema: 'io.k8s.api.core.v1.Namespace',
  selectableFields: { 'status.phase': namespace => namespace.status.phase ?? '' },
  actions: { finalize: finalizeNamespace },
  columns: namespaceColumns,
  strategy: namespaceStrategy,
})

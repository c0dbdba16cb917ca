/** `kubectl get nodes` */
import { defineKind } from '../../define-kind.ts'
import { nodeColumns } from './columns.ts'
import { nodeStrategy } from './strategy.ts'
import type { Node } from './types.ts'

export const Nodes = defineKind<Node>({
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  singular: 'node',
  shortNames: ['no'],
  isNamespaced: false,
  hasStatus: true,
  actions: { proxy: { verb: 'create', body: { group: '', version: 'v1', kind: 'NodeProxyOptions' } } },
  schema: 'io.k8s.api.core.v1.Node',
  selectableFields: { 'spec.unschedulable': node => `${node.spec.unschedulable ?? false}` },
  columns: nodeColumns,
  columnsAreComplete: true,
  strategy: nodeStrategy,
})

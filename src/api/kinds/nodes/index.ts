/** `kubectl get nodes` */
import { defineKind } from '../../define-kind.ts'
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
})

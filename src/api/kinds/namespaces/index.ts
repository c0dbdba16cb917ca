/** `kubectl get namespaces` */
import { defineKind } from '../../define-kind.ts'
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
})

/** Puts a pod on a node, as `pods/binding` does. Answered by the API server, never stored. */
import { defineKind } from '../../define-kind.ts'
import type { Binding } from './types.ts'

export const Bindings = defineKind<Binding>({
  group: '',
  version: 'v1',
  kind: 'Binding',
  plural: 'bindings',
  singular: 'binding',
  isNamespaced: true,
  isVirtual: true,
  schema: 'io.k8s.api.core.v1.Binding',
})

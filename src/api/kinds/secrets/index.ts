/** `kubectl get secrets` */
import { defineKind } from '../../define-kind.ts'
import type { Secret } from './types.ts'

export const Secrets = defineKind<Secret>({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  singular: 'secret',
  isNamespaced: true,
})

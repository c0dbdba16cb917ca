/** `kubectl get secrets` */
import { defineKind } from '../../define-kind.ts'
import { secretColumns } from './columns.ts'
import { secretStrategy } from './strategy.ts'
import type { Secret } from './types.ts'

export const Secrets = defineKind<Secret>({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  singular: 'secret',
  isNamespaced: true,
  schema: 'io.k8s.api.core.v1.Secret',
  selectableFields: { type: secret => secret.type ?? '' },
  columns: secretColumns,
  strategy: secretStrategy,
})

/** `kubectl get serviceaccounts` */
import { defineKind } from '../../define-kind.ts'
import { serviceAccountColumns } from './columns.ts'
import { serviceAccountStrategy } from './strategy.ts'
import type { ServiceAccount } from './types.ts'

export const ServiceAccounts = defineKind<ServiceAccount>({
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  singular: 'serviceaccount',
  shortNames: ['sa'],
  isNamespaced: true,
  schema: 'io.k8s.api.core.v1.ServiceAccount',
  columns: serviceAccountColumns,
  actions: {
    token: {
      verb: 'create',
      body: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
    },
  },
  strategy: serviceAccountStrategy,
})

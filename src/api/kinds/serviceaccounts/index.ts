/** `kubectl get serviceaccounts` */
import { defineKind } from '../../define-kind.ts'
import type { ServiceAccount } from './types.ts'

export const ServiceAccounts = defineKind<ServiceAccount>({
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  singular: 'serviceaccount',
  shortNames: ['sa'],
  isNamespaced: true,
})

/** `kubectl get ipaddresses` */
import { defineKind } from '../../define-kind.ts'
import { ipAddressColumns } from './columns.ts'
import { ipAddressStrategy } from './strategy.ts'
import type { IPAddress } from './types.ts'

export const IPAddresses = defineKind<IPAddress>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IPAddress',
  plural: 'ipaddresses',
  singular: 'ipaddress',
  shortNames: ['ip'],
  isNamespaced: false,
  schema: 'io.k8s.api.networking.v1.IPAddress',
  selectableFields: {
    'spec.parentRef.group': address => address.spec.parentRef?.group ?? '',
    'spec.parentRef.resource': address => address.spec.parentRef?.resource ?? '',
    'spec.parentRef.namespace': address => address.spec.parentRef?.namespace ?? '',
    'spec.parentRef.name': address => address.spec.parentRef?.name ?? '',
  },
  columnsAreComplete: true,
  columns: ipAddressColumns,
  strategy: ipAddressStrategy,
})

/** `kubectl get deployments` */
import { defineKind } from '../../define-kind.ts'
import type { Deployment } from './types.ts'

export const Deployments = defineKind<Deployment>({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  singular: 'deployment',
  shortNames: ['deploy'],
  categories: ['all'],
  isNamespaced: true,
  hasStatus: true,
})

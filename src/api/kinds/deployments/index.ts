/** `kubectl get deployments` */
import { defineKind } from '../../define-kind.ts'
import { scaleMapping } from '../shared/scale.ts'
import { deploymentColumns } from './columns.ts'
import { deploymentStrategy } from './strategy.ts'
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
  schema: 'io.k8s.api.apps.v1.Deployment',
  scale: scaleMapping(),
  columns: deploymentColumns,
  strategy: deploymentStrategy,
})

/** `kubectl get controllerrevisions` */
import { defineKind } from '../../define-kind.ts'
import { controllerRevisionColumns } from './columns.ts'
import { controllerRevisionStrategy } from './strategy.ts'
import type { ControllerRevision } from './types.ts'

export const ControllerRevisions = defineKind<ControllerRevision>({
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  singular: 'controllerrevision',
  isNamespaced: true,
  schema: 'io.k8s.api.apps.v1.ControllerRevision',
  columns: controllerRevisionColumns,
  strategy: controllerRevisionStrategy,
})

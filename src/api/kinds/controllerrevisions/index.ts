/** `kubectl get controllerrevisions` */
import { defineKind } from '../../define-kind.ts'
import type { ControllerRevision } from './types.ts'

export const ControllerRevisions = defineKind<ControllerRevision>({
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  singular: 'controllerrevision',
  isNamespaced: true,
})

/** `kubectl get controllerrevisions` */
import type { Column } from '../../define-kind.ts'
import { controllerOf } from '../../object.ts'
import { column, NONE } from '../shared/columns.ts'
import type { ControllerRevision } from './types.ts'

export const controllerRevisionColumns: readonly Column<ControllerRevision>[] = [
  column('Controller', 'string', controllerText),
  column('Revision', 'integer', revision => revision.revision),
]

/** `statefulset.apps/web` */
function controllerText(revision: ControllerRevision): string {
  const owner = controllerOf(revision)
  if (!owner) return NONE
  const group = owner.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : ''
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`
}

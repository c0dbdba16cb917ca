/** `kubectl get deployments` */
import type { Column } from '../../define-kind.ts'
import { column, containerColumns, selectorColumn } from '../shared/columns.ts'
import type { Deployment } from './types.ts'

export const deploymentColumns: readonly Column<Deployment>[] = [
  column('Ready', 'string', ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas ?? 0}`),
  column('Up-to-date', 'string', deployment => deployment.status.updatedReplicas ?? 0),
  column('Available', 'string', deployment => deployment.status.availableReplicas ?? 0),
  ...containerColumns<Deployment>(deployment => deployment.spec.template.spec!),
  selectorColumn<Deployment>(deployment => deployment.spec.selector),
]

/** `kubectl get poddisruptionbudgets` */
import type { Column } from '../../define-kind.ts'
import { column } from '../shared/columns.ts'
import type { PodDisruptionBudget } from './types.ts'

export const podDisruptionBudgetColumns: readonly Column<PodDisruptionBudget>[] = [
  column('Min Available', 'string', ({ spec }) => `${spec.minAvailable ?? 'N/A'}`),
  column('Max Unavailable', 'string', ({ spec }) => `${spec.maxUnavailable ?? 'N/A'}`),
  column('Allowed Disruptions', 'integer', ({ status }) => status?.disruptionsAllowed ?? 0),
]

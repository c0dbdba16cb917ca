/** `kubectl get flowschemas`: whether the priority level is missing comes after the age. */
import type { Column } from '../../define-kind.ts'
import { ageColumn, column, NONE, nameColumn } from '../shared/columns.ts'
import type { FlowSchema } from './types.ts'

export const flowSchemaColumns: readonly Column<FlowSchema>[] = [
  nameColumn(),
  column('PriorityLevel', 'string', ({ spec }) => spec.priorityLevelConfiguration?.name || NONE),
  column('MatchingPrecedence', 'string', ({ spec }) => `${spec.matchingPrecedence ?? 0}`),
  column('DistinguisherMethod', 'string', ({ spec }) => spec.distinguisherMethod?.type ?? NONE),
  ageColumn(),
  {
    ...column<FlowSchema>('MissingPL', 'string', ({ status }) => {
      return status.conditions?.find(condition => condition.type === 'Dangling')?.status || '?'
    }),
    description: 'references a broken or non-existent PriorityLevelConfiguration',
  },
]

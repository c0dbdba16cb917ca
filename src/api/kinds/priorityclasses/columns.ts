/** `kubectl get priorityclasses`: the policy comes after the age. */
import type { Column } from '../../define-kind.ts'
import { ageColumn, column, nameColumn } from '../shared/columns.ts'
import type { PriorityClass } from './types.ts'

export const priorityClassColumns: readonly Column<PriorityClass>[] = [
  nameColumn(),
  column('Value', 'integer', priorityClass => priorityClass.value ?? 0),
  column('Global-Default', 'boolean', priorityClass => priorityClass.globalDefault ?? false),
  ageColumn(),
  column('PreemptionPolicy', 'string', priorityClass => priorityClass.preemptionPolicy ?? ''),
]

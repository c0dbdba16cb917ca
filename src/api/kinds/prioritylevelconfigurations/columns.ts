/** `kubectl get prioritylevelconfigurations` */
import type { Column } from '../../define-kind.ts'
import { column, NONE } from '../shared/columns.ts'
import type { PriorityLevelConfiguration } from './types.ts'

type Level = PriorityLevelConfiguration

export const priorityLevelConfigurationColumns: readonly Column<Level>[] = [
  column('Type', 'string', ({ spec }) => spec.type),
  column('NominalConcurrencyShares', 'string', ({ spec }) => {
    return `${spec.limited?.nominalConcurrencyShares ?? NONE}`
  }),
  column('Queues', 'string', level => `${queuingOf(level)?.queues ?? NONE}`),
  column('HandSize', 'string', level => `${queuingOf(level)?.handSize ?? NONE}`),
  column('QueueLengthLimit', 'string', level => `${queuingOf(level)?.queueLengthLimit ?? NONE}`),
]

function queuingOf({ spec }: Level) {
  return spec.limited?.limitResponse?.queuing
}

/** `kubectl get podtemplates`: without an age. */
import type { Column } from '../../define-kind.ts'
import { formatLabels } from '../../selector.ts'
import { column, containerColumns, nameColumn } from '../shared/columns.ts'
import type { PodTemplate } from './types.ts'

export const podTemplateColumns: readonly Column<PodTemplate>[] = [
  nameColumn(),
  ...containerColumns<PodTemplate>(({ template }) => template?.spec ?? { containers: [] }).map(
    wide => ({ ...wide, priority: 0 }) as const,
  ),
  {
    ...column<PodTemplate>('Pod Labels', 'string', ({ template }) =>
      formatLabels(template?.metadata?.labels),
    ),
    description: 'The labels for the pod template.',
  },
]

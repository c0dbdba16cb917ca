/** `kubectl get limitranges` */
import type { Column } from '../../define-kind.ts'
import { createdAtColumns } from '../shared/columns.ts'
import type { LimitRange } from './types.ts'

export const limitRangeColumns: readonly Column<LimitRange>[] = createdAtColumns()

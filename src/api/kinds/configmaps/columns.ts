/** `kubectl get configmaps` */
import type { Column } from '../../define-kind.ts'
import { column } from '../shared/columns.ts'
import type { ConfigMap } from './types.ts'

export const configMapColumns: readonly Column<ConfigMap>[] = [
  column(
    'Data',
    'string',
    map => Object.keys(map.data ?? {}).length + Object.keys(map.binaryData ?? {}).length,
  ),
]

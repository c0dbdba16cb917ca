/** `kubectl get customresourcedefinitions`: the server's default table of objects without columns of their own. */
import type { Column } from '../../define-kind.ts'
import { createdAtColumns } from '../shared/columns.ts'
import type { CustomResourceDefinition } from './types.ts'

export const customResourceDefinitionColumns: readonly Column<CustomResourceDefinition>[] = createdAtColumns()

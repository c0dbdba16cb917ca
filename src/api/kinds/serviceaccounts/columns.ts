/** `kubectl get serviceaccounts` */
import type { Column } from '../../define-kind.ts'
import { column } from '../shared/columns.ts'
import type { ServiceAccount } from './types.ts'

export const serviceAccountColumns: readonly Column<ServiceAccount>[] = [
  column('Secrets', 'string', account => account.secrets?.length ?? 0),
]

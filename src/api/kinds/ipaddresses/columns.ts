/** `kubectl get ipaddresses`: without an age. */
import type { Column } from '../../define-kind.ts'
import { column, NONE, nameColumn } from '../shared/columns.ts'
import type { IPAddress } from './types.ts'

export const ipAddressColumns: readonly Column<IPAddress>[] = [
  nameColumn(),
  column('ParentRef', 'string', ({ spec: { parentRef } }) => {
    if (!parentRef) return NONE
    const { group, resource = '', namespace, name = '' } = parentRef
    const what = group ? `${resource}.${group}` : resource
    return [what.toLowerCase(), ...(namespace ? [namespace] : []), name].join('/')
  }),
]

/** `kubectl get resourcequotas`: what is used of what may be, limits apart from the rest. */
import type { Column } from '../../define-kind.ts'
import { column } from '../shared/columns.ts'
import type { ResourceQuota } from './types.ts'

export const resourceQuotaColumns: readonly Column<ResourceQuota>[] = [
  {
    ...column<ResourceQuota>('Request', 'string', quota => usage(quota, name => !isLimit(name))),
    description: 'Request represents a minimum amount of cpu/memory that a container may consume.',
  },
  {
    ...column<ResourceQuota>('Limit', 'string', quota => usage(quota, isLimit)),
    description:
      'Limits control the maximum amount of cpu/memory that a container may use independent of contention on the node.',
  },
]

function usage({ status }: ResourceQuota, isWanted: (name: string) => boolean): string {
  const { hard = {}, used = {} } = status ?? {}
  return Object.keys(hard)
    .filter(isWanted)
    .sort()
    .map(name => `${name}: ${used[name] ?? '0'}/${hard[name]}`)
    .join(', ')
}

function isLimit(name: string): boolean {
  return name.startsWith('limits.')
}

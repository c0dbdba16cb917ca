/** What kinds of metrics.k8s.io have in common. Mirrors metrics-server's pkg/api/table.go. */
import type { Column } from '../../define-kind.ts'
import type { KubeObject } from '../../object.ts'
import { addQuantities, formatQuantity, parseQuantity } from '../../quantity.ts'
import { column, nameColumn } from './columns.ts'

/** Quantities by resource: `cpu: 1204563n`, `memory: 6144Ki`. */
export interface ResourceUsage {
  readonly cpu: string
  readonly memory: string
}

/** How long a measurement took, over all that was measured. */
export interface Measured extends KubeObject {
  /** End of the window, RFC 3339. */
  timestamp: string
  /** As Go prints durations. */
  window: string
}

/** Name, a column a resource, and the window: no age. */
export function usageColumns<T extends Measured>(usages: (object: T) => readonly ResourceUsage[]) {
  const total = (resource: keyof ResourceUsage): Column<T> => ({
    ...column<T>(resource, 'string', object => {
      const quantities = usages(object).map(usage => parseQuantity(usage[resource]))
      return quantities.length > 0 ? formatQuantity(quantities.reduce(addQuantities)) : '0'
    }),
    format: 'quantity',
  })
  const columns: readonly Column<T>[] = [
    { ...nameColumn<T>(), description: 'Name of the resource' },
    total('cpu'),
    total('memory'),
    { ...column<T>('Window', 'string', object => object.window), format: 'duration' },
  ]
  return columns
}

/** Usage in the words of metrics.k8s.io. */
export function usageText(cpuNanoCores: number, memoryBytes: number): ResourceUsage {
  return { cpu: `${cpuNanoCores}n`, memory: `${Math.floor(memoryBytes / 1024)}Ki` }
}

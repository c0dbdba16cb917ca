/** The shape of NodeMetrics: what a node uses. */
import type { Measured, ResourceUsage } from '../shared/usage.ts'

export interface NodeMetrics extends Measured {
  usage: ResourceUsage
}

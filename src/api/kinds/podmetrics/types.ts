/** The shape of PodMetrics: what a pod's containers use. */
import type { Measured, ResourceUsage } from '../shared/usage.ts'

export interface PodMetrics extends Measured {
  containers: { name: string; usage: ResourceUsage }[]
}

/**
 * The plugins of the default profile, in upstream's order, with upstream's weights. Adding one is a file beside
 * this and a line here. For a later issue: VolumeRestrictions, NodeVolumeLimits, VolumeBinding, VolumeZone,
 * PodTopologySpread (weight 2), InterPodAffinity (2), ImageLocality (1); see unmodelled.ts.
 */
import type { ApiPort } from '../../client/index.ts'
import type { Plugin } from '../framework.ts'
import { defaultBinder } from './default-binder.ts'
import { defaultPreemption } from './default-preemption.ts'
import { nodeAffinity } from './node-affinity.ts'
import { nodeName } from './node-name.ts'
import { nodePorts } from './node-ports.ts'
import { nodeResourcesBalancedAllocation } from './node-resources-balanced-allocation.ts'
import { nodeResourcesFit } from './node-resources-fit.ts'
import { nodeUnschedulable } from './node-unschedulable.ts'
import { prioritySort } from './priority-sort.ts'
import { schedulingGates } from './scheduling-gates.ts'
import { taintToleration } from './taint-toleration.ts'

/** A plugin and how much its score counts; 0 for one that does not score. */
export interface WeightedPlugin {
  readonly plugin: Plugin
  readonly weight: number
}

export function defaultPlugins(api: ApiPort): readonly WeightedPlugin[] {
  return [
    { plugin: schedulingGates, weight: 0 },
    { plugin: prioritySort, weight: 0 },
    { plugin: nodeUnschedulable, weight: 0 },
    { plugin: nodeName, weight: 0 },
    { plugin: taintToleration, weight: 3 },
    { plugin: nodeAffinity, weight: 2 },
    { plugin: nodePorts, weight: 0 },
    { plugin: nodeResourcesFit, weight: 1 },
    { plugin: defaultPreemption, weight: 0 },
    { plugin: nodeResourcesBalancedAllocation, weight: 1 },
    { plugin: defaultBinder(api), weight: 0 },
  ]
}

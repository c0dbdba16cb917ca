/** Whether a pod and a node want each other: asked by the scheduler, by DaemonSets and by taint eviction alike. */
export { matchesRequired, matchesTerm, namedNodes, type SelectableNode } from './node-selector.ts'
export { findUntolerated, tolerates } from './taints.ts'

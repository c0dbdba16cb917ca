/** kube-scheduler. */
export type { Explanation, FilterVerdict, NodeExplanation, ScoreVerdict } from './decisions.ts'
export { type Plugin, type Rejection, unresolvable, unschedulable } from './framework.ts'
export type { NodeInfo, PodInfo } from './node-info.ts'
export { defaultPlugins, type WeightedPlugin } from './plugins/index.ts'
export { Scheduler, type SchedulerOptions, type SchedulerStats } from './scheduler.ts'

/** kube-scheduler. */
export type { Explanation, FilterVerdict, NodeExplanation, ScoreVerdict } from './decisions.ts'
export { Scheduler, type SchedulerOptions, type SchedulerStats } from './scheduler.ts'

/** Counting what objects use of a ResourceQuota: admission and the quota controller count alike. */
export { isInScope, podTotal, type Usage, usageOf } from './usage.ts'

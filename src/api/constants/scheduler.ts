/** kube-scheduler's numbers and words: its default configuration in 1.33. */
export const SCHEDULER = Object.freeze({
  /** The profile's name, which pods ask for in `spec.schedulerName`. */
  name: 'default-scheduler',
  /** `podInitialBackoffSeconds` */
  initialBackoffMs: 1_000,
  /** `podMaxBackoffSeconds` */
  maxBackoffMs: 10_000,
  /** Pods in back-off are ordered, and flushed, by whole windows of this length. */
  backoffWindowMs: 1_000,
  /** `podMaxInUnschedulablePodsDuration`: a rejected pod is tried again after this, whatever happens. */
  unschedulableFlushMs: 300_000,
  /** How often that is looked at. */
  unschedulableFlushPeriodMs: 30_000,
  /** Never fewer feasible nodes are looked for, where there are as many. */
  minFeasibleNodes: 100,
  minFeasiblePercentage: 5,
  /** The share of nodes looked for is this percentage less one for every `nodesPerPercent` nodes. */
  feasiblePercentage: 50,
  nodesPerPercent: 125,
  maxNodeScore: 100,
  /** What a container that asks for nothing counts as when nodes are scored. */
  defaultMilliCpu: 100,
  defaultMemoryBytes: 200 * 1024 * 1024,
  /** How long the cache believes in a binding that no watch has confirmed; 0 for ever. */
  assumedPodTtlMs: 0,
  /** How often caches are looked at until they have synced. */
  syncPeriodMs: 100,
  /** The longest message of an Event, in characters. */
  eventMessageLength: 1_024,
})

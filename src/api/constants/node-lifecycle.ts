/** The numbers and words of node lifecycle, taint eviction and the pod garbage collector. Milliseconds. */
export const NODE_LIFECYCLE = Object.freeze({
  /** `--node-monitor-period`: how often heartbeats are looked at. */
  monitorPeriodMs: 5_000,
  /** `--node-monitor-grace-period`, 40 s before 1.32. */
  monitorGraceMs: 50_000,
  /** `--node-startup-grace-period`: the same for a node that has never reported. */
  startupGraceMs: 60_000,
  /** `--node-eviction-rate`, in nodes a second, of a healthy zone and of one that is wholly dark. */
  evictionsPerSecond: 0.1,
  /** `--secondary-node-eviction-rate`: the same of a partly disrupted zone, if it is large. */
  secondaryEvictionsPerSecond: 0.01,
  /** `--unhealthy-zone-threshold`: this part of a zone not ready, and more than two nodes, is a disruption. */
  unhealthyZoneThreshold: 0.55,
  unhealthyZoneMinimum: 2,
  /** `--large-cluster-size-threshold`: smaller disrupted zones are not evicted from at all. */
  largeClusterNodes: 50,
  workers: 8,
  eventSource: 'node-controller',
  evictionEventSource: 'taint-eviction-controller',
  networkUnavailableTaint: 'node.kubernetes.io/network-unavailable',
  regionLabel: 'topology.kubernetes.io/region',
  /** How long a node must be missing before its pods are deleted, looked at every `podGcPeriodMs`. */
  orphanQuarantineMs: 40_000,
  podGcPeriodMs: 20_000,
})

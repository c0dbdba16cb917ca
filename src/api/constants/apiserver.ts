/** kube-apiserver's flags and built-in numbers. */
export const API_SERVER = Object.freeze({
  /** `--request-timeout` */
  requestTimeoutMs: 60_000,
  /** `--min-request-timeout`: a watch without a timeout gets one at random between this and twice this. */
  minWatchSeconds: 1800,
  /** How often an idle watch that wants bookmarks gets one. */
  bookmarkPeriodMs: 60_000,
  /** How long a read waits for a resourceVersion that has not come yet. */
  freshnessWaitMs: 3000,
  /** `--etcd-compaction-interval` */
  compactionPeriodMs: 300_000,
  /** Names tried for a generateName before AlreadyExists is answered. */
  nameAttempts: 8,
  /** `--event-ttl` and the like: objects written within this time share an etcd lease... */
  leaseReuseSeconds: 60,
  /** ...unless it is more than this part of their TTL, or there are too many of them. */
  leaseReuseRatio: 0.05,
  leaseMaxObjects: 1000,
  /** `--service-node-port-range`, both included. */
  firstNodePort: 30_000,
  lastNodePort: 32_767,
  /** `--service-cluster-ip-range` of kubeadm. */
  serviceCidr: '10.96.0.0/12',
  /** `--secure-port` */
  securePort: 6443,
  /** `--default-not-ready-toleration-seconds`, `--default-unreachable-toleration-seconds` */
  defaultTolerationSeconds: 300,
  /** One hour and seven seconds: by this number upstream knows a token that nobody asked for. */
  injectedTokenSeconds: 3607,
  /** How often the `default` service account is looked for before a pod is refused, and how long between. */
  accountAttempts: 10,
  accountRetryMinMs: 100,
  accountRetryMaxMs: 199,
  /** `MaxDisruptedPodSize`: evictions that the disruption controller has yet to confirm, a budget. */
  disruptedPods: 2000,
})

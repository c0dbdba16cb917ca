/** The kubelet's numbers (`pkg/kubelet`, `KubeletConfiguration` defaults of 1.33). Milliseconds unless named otherwise. */
export const KUBELET = Object.freeze({
  /** `--max-pods`. */
  maxPods: 110,
  /** Lease of a node: how long it is good for, and how often it is renewed (a quarter of that). */
  leaseDurationSeconds: 40,
  leaseRenewMs: 10_000,
  /** A renewal's interval is stretched by up to this fraction. */
  leaseJitter: 0.04,
  /** How often the node's status is computed, and how often it is posted when it has not changed. */
  nodeStatusUpdateMs: 10_000,
  nodeStatusReportMs: 300_000,
  /** Attempts at one post of the node's status before giving up until the next. */
  nodeStatusRetries: 5,
  /** Restarts of a container: first delay, cap; a container that ran twice the cap starts afresh. */
  crashBackOffMs: 10_000,
  crashBackOffMaxMs: 300_000,
  /** Pulls of an image, per pod and image. */
  imageBackOffMs: 10_000,
  imageBackOffMaxMs: 300_000,
  /** A pod's sync that failed is tried again after this, stretched by up to `syncRetryJitter`. */
  syncRetryMs: 10_000,
  syncRetryJitter: 0.5,
  /** A pod is looked at again after this at the latest, stretched likewise. */
  syncPeriodMs: 60_000,
  /** The same when only the network is not ready. */
  networkRetryMs: 1_000,
  /** Relist period of the generic PLEG. */
  plegRelistMs: 1_000,
  /** What a container is left after its preStop hook, at least. */
  minimumGraceSeconds: 2,
  /** `terminationGracePeriodSeconds` where the spec is silent. */
  defaultGraceSeconds: 30,
  probe: Object.freeze({
    periodSeconds: 10,
    timeoutSeconds: 1,
    successThreshold: 1,
    failureThreshold: 3,
    initialDelaySeconds: 0,
  }),
  /** `StreamCreationTimeout`: how long a client may take to open the streams of exec, attach and port-forward. */
  streamCreationMs: 30_000,
  /** Characters of a probe's output that reach the event. */
  probeOutputMax: 10 * 1024,
})

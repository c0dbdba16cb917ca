/** The numbers of client-go: what every component does towards the API server. */
export const CLIENT = Object.freeze({
  /** client-go's default rate for components that set none of their own, and kube-controller-manager's flags. */
  controllerManagerQps: 20,
  controllerManagerBurst: 30,
  schedulerQps: 50,
  schedulerBurst: 100,
  kubeletQps: 50,
  kubeletBurst: 100,
  /** net.Dialer's timeout: how long a request over a dead link is waited for. */
  requestTimeoutMs: 30_000,
  /** TCP sends again what was lost after this, doubled each time: RTO_MIN of Linux. */
  retransmissionMs: 200,
  /** HTTP/2 health check: 30 s without a frame, then 15 s for the ping. A silent watch breaks after both. */
  watchReadTimeoutMs: 45_000,
  /** Reflector: pause between attempts. */
  reflectorBackoffMs: 800,
  reflectorBackoffMaxMs: 30_000,
  /** A reflector that stayed up this long starts again from the shortest pause. */
  reflectorBackoffResetMs: 120_000,
  /** workqueue.DefaultTypedControllerRateLimiter. */
  queueBaseBackoffMs: 5,
  queueMaxBackoffMs: 1_000_000,
  queueQps: 10,
  queueBurst: 100,
  /** ControllerExpectations: how long a controller waits to see what it did. */
  expectationsTimeoutMs: 300_000,
  /** controller.SlowStartInitialBatchSize. */
  slowStartInitial: 1,
})

/** The numbers of client-go's tools/record. */
export const EVENT_RECORDING = Object.freeze({
  /** Keys the correlator remembers. */
  cacheEntries: 4096,
  /** Similar events (same object, reason and type) with different messages before they are combined ... */
  aggregateAfter: 10,
  /** ... within this time of one another. */
  aggregateIntervalMs: 600_000,
  aggregatePrefix: '(combined from similar events): ',
  /** Token bucket per source and object. */
  spamBurst: 25,
  spamRefillMs: 300_000,
  /** Tries to deliver one event to an API server that does not answer, and the pause between them. */
  maxTries: 12,
  retryMs: 10_000,
  /** Events waiting at once; more are dropped, as by the broadcaster's full channel. */
  maxQueued: 1000,
})

/** Leader election of kube-controller-manager and kube-scheduler. */
export const LEADER_ELECTION = Object.freeze({
  leaseDurationMs: 15_000,
  renewDeadlineMs: 10_000,
  retryPeriodMs: 2_000,
  /** Candidates wait retryPeriod x (1 + up to this). */
  jitterFactor: 1.2,
})

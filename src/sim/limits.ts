/**
 * Every bound in the simulator, in one place. A limit reached is reported, never silently ignored.
 */
export const LIMITS = Object.freeze({
  /** Loop events one `advance` or `runUntil` may execute before it gives up (a livelock guard). */
  eventsPerRun: 200_000_000,
  /** Loop events at one and the same virtual millisecond (a zero-delay livelock guard). */
  eventsPerMillisecond: 5_000_000,
  /** Trace records kept for `why`; the hash goes on past it. */
  traceRecords: 64_000_000,
  /** Virtual ms that one input (a `kubectl rollout status`, say) may take before it is given up. */
  inputMs: 24 * 3_600_000,
  /** Inputs that a cluster remembers, so that its run can be had again, and their characters all together. */
  recordedInputs: 100_000,
  recordedCharacters: 64 * 2 ** 20,
  /** Items in one mailbox. */
  mailbox: 1_000_000,
  /** Objects that one loop event takes in when there are very many: a list's arrival is cut into steps of this. */
  objectsPerStep: 500,
  /** Depth of the causal chain that `why` prints. */
  causalChain: 200,
  /** Values one memo table keeps before it starts afresh. */
  memoisedValues: 10_000,
  /** Operations, or comparisons, in one branch of an etcd transaction (etcd's `--max-txn-ops`). */
  etcdTxnOps: 128,
  /** Writes that one flush of etcd's makes durable: no step of the loop applies more. */
  writesPerCommit: 250,
  /** How deep iptables chains may call each other. */
  iptablesDepth: 16,
  /** Snapshots of Services that kube-proxy keeps for nodes that lag behind. */
  proxySnapshots: 64,
  /** Clients one `-m recent` list remembers (the kernel's ip_list_tot). */
  recentClients: 100,
  /** Changes of one kind that the apiserver's watch cache keeps at least (it keeps up to twice as many). */
  watchCacheChanges: 1_000,
  /** Times the apiserver repeats one write whose object keeps changing under it. */
  writeAttempts: 64,
  /** Pieces of RBAC rules looked at in one escalation check: a rule of a few kilobytes can say more than anybody would wait for. */
  rulePieces: 100_000,
  /** Comparisons of rules in one such check; what would take more counts as not held. */
  ruleComparisons: 2_000_000,
  /** Those of them named in the refusal: more would make a message that nobody reads. */
  uncoveredPieces: 10_000,
  /** Lines of one container's output that its node keeps. */
  containerLogLines: 1_000,
  /** Steps a shell script takes without waiting before it counts as spinning and is killed. */
  shellSteps: 10_000,
  /** Functions of a shell script that may call each other. */
  shellDepth: 200,
  /** Pods whose last scheduling decision is kept to be explained. */
  schedulerDecisions: 10_000,
  /** Kinds of pod whose verdicts on nodes the scheduler remembers. */
  schedulerSignatures: 64,
  /** Changes of the scheduler's cache that are kept at least (up to twice as many), to explain decisions with. */
  schedulerHistory: 50_000,
  /** Nodes of a CEL expression, and how deep it may nest. */
  celNodes: 10_000,
  celDepth: 100,
})

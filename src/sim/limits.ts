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
  /** Items in one mailbox. */
  mailbox: 1_000_000,
  /** Depth of the causal chain that `why` prints. */
  causalChain: 200,
  /** Values one memo table keeps before it starts afresh. */
  memoisedValues: 10_000,
  /** How deep iptables chains may call each other. */
  iptablesDepth: 16,
  /** Clients one `-m recent` list remembers (the kernel's ip_list_tot). */
  recentClients: 100,
})

/** What nodes and containers were measured to use, as metrics.k8s.io tells of it. */

/** A measurement: its end in ms since the Unix epoch, and how long it took. */
export interface Measurement {
  readonly timestampMs: number
  readonly windowMs: number
  /** Billionths of a core. */
  readonly cpuNanoCores: number
  readonly memoryBytes: number
}

export interface NodeUsage extends Measurement {
  readonly node: string
}

export interface ContainerUsage extends Measurement {
  readonly node: string
  readonly namespace: string
  readonly pod: string
  readonly container: string
}

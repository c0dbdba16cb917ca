/**
 * `/metrics` in Prometheus' text format: what the door sees, and the loop's and the API server's own counters. Names
 * are kube-apiserver's where it has them.
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Cluster } from '../cluster/index.ts'
import type { Exchange } from './exchange.ts'
import type { FlowControl } from './flow-control/index.ts'
import { registerFlowControl } from './flow-control/metrics.ts'

/** What is known of a request when it is over. */
export interface Served {
  readonly verb: string
  readonly group: string
  readonly version: string
  readonly resource: string
  readonly subresource: string
  readonly scope: string
  readonly code: number
  readonly seconds: number
}

const LABELS = ['verb', 'group', 'version', 'resource', 'subresource', 'scope'] as const

export class Metrics {
  readonly #registry = new Registry()
  readonly #requests: Counter
  readonly #durations: Histogram
  /** Open watches. */
  readonly watches: Gauge

  constructor(cluster: Cluster, flow: FlowControl) {
    const registers = [this.#registry]
    this.#requests = new Counter({
      name: 'apiserver_request_total',
      help: 'Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response code.',
      labelNames: [...LABELS, 'code', 'component', 'dry_run'],
      registers,
    })
    this.#durations = new Histogram({
      name: 'apiserver_request_duration_seconds',
      help: 'Response latency distribution in seconds for each verb, dry run value, group, version, resource, subresource, scope and component.',
      labelNames: [...LABELS, 'component', 'dry_run'],
      buckets: [
        0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
      ],
      registers,
    })
    this.watches = new Gauge({
      name: 'apiserver_longrunning_requests',
      help: 'Gauge of all active long-running apiserver requests broken out by verb.',
      labelNames: ['verb'],
      registers,
    })
    const inFlight = new Gauge({
      name: 'apiserver_current_inflight_requests',
      help: 'Maximal number of currently used inflight request limit of this apiserver per request kind in last second.',
      labelNames: ['request_kind'],
      registers,
      collect: () => {
        inFlight.set({ request_kind: 'readOnly' }, flow.inFlight.readOnly)
        inFlight.set({ request_kind: 'mutating' }, flow.inFlight.mutating)
      },
    })
    registerFlowControl(flow, this.#registry)
    const gauge = (name: string, help: string, read: () => number) => {
      const made: Gauge = new Gauge({ name, help, registers, collect: () => made.set(read()) })
    }
    const events: Counter = new Counter({
      name: 'kubarium_loop_events_total',
      help: 'Events of the simulation executed so far.',
      registers,
      collect: () => {
        events.reset()
        events.inc(cluster.sim.events)
      },
    })
    gauge(
      'kubarium_virtual_time_seconds',
      'Virtual time, in seconds since the Unix epoch.',
      () => cluster.sim.now / 1000,
    )
    gauge('process_resident_memory_bytes', 'Resident memory size in bytes.', () => process.memoryUsage.rss())
    gauge(
      'etcd_debugging_mvcc_current_revision',
      'The current revision of store.',
      () => cluster.world.controlPlane.store.revision,
    )
    const objects = new Gauge({
      name: 'apiserver_storage_objects',
      help: 'Number of stored objects at the time of last check split by kind.',
      labelNames: ['resource'],
      registers,
      collect: () => {
        const { scheme, apiServer } = cluster.world.controlPlane
        for (const kind of scheme.kinds) {
          const resource = kind.group ? `${kind.plural}.${kind.group}` : kind.plural
          objects.set({ resource }, apiServer.present?.readAll(kind).length ?? 0)
        }
      },
    })
  }

  count({ code, seconds, ...labels }: Served): void {
    const common = { ...labels, component: 'apiserver', dry_run: '' }
    this.#requests.inc({ ...common, code: String(code) })
    if (labels.verb !== 'WATCH') this.#durations.observe(common, seconds)
  }

  async serve(exchange: Exchange): Promise<void> {
    exchange.write(200, this.#registry.contentType, await this.#registry.metrics())
  }
}

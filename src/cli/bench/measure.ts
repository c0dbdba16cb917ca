/**
 * One measured run: boots a cluster, creates pods through Deployments, waits until all are Ready, deletes them.
 * The numbers that cannot flake (counters) come with those that can (seconds).
 */
import { createHash } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { Cluster } from '../../cluster/index.ts'
import { Bug } from '../../sim/index.ts'

export interface BenchOptions {
  readonly nodes: number
  readonly pods: number
  readonly deployments: number
  /** Puts one Service over all pods. */
  readonly hasService: boolean
  readonly maxPods: number
  readonly seed: number
}

export interface BenchResult {
  readonly options: BenchOptions
  readonly bootMs: number
  readonly wallSeconds: number
  /** Of the whole process so far: imports, boot, creation and deletion. */
  readonly cpuSeconds: number
  readonly events: number
  readonly eventsPerSecond: number
  readonly podsPerSecond: number
  /** The longest single loop event. */
  readonly longestStepMs: number
  readonly longestStepLabel: string
  readonly peakRssMb: number
  readonly virtualSeconds: number
  readonly counters: Counters
  readonly sha256: string
}

/** Per pod, from an empty booted cluster to all pods created and deleted again. */
export interface Counters {
  readonly loopEvents: number
  readonly apiRequests: number
  readonly replicaSetReconciles: number
  readonly objectsRead: number
  readonly conflicts: number
}

const LIMIT_SECONDS = 3 * 3600

export function measure(options: BenchOptions): BenchResult {
  const startMs = performance.now()
  const cluster = Cluster.create(
    {
      nodes: options.nodes,
      seed: options.seed,
      maxPods: options.maxPods,
      images: { unknown: 'run' },
      hasClientLimits: false,
    },
    { sha256: bytes => createHash('sha256').update(bytes).digest() },
  )
  const bootMs = performance.now() - startMs
  const watch = new StepWatch(cluster)
  const before = readCounters(cluster)

  const createMs = performance.now()
  const manifests = manifestFor(options)
  watch.finish(cluster.begin({ do: 'apply', manifest: manifests, file: 'bench.yaml' }))
  watch.until(() => readyPods(cluster) === options.pods, 'all pods Ready')
  const readySeconds = (performance.now() - createMs) / 1000
  watch.finish(
    cluster.begin({
      do: 'kubectl',
      words: ['delete', 'deployments', '--all', '--wait=false'],
      files: {},
    }),
  )
  watch.until(() => cluster.list('pods').length === 0, 'all pods gone')

  const after = readCounters(cluster)
  const cpu = process.cpuUsage()
  const wallSeconds = (performance.now() - startMs) / 1000
  const perPod = (now: number, then: number) => (now - then) / options.pods
  return {
    options,
    bootMs,
    wallSeconds,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    events: cluster.sim.events,
    eventsPerSecond: cluster.sim.events / wallSeconds,
    podsPerSecond: options.pods / readySeconds,
    longestStepMs: watch.longestMs,
    longestStepLabel: watch.longestLabel,
    peakRssMb: process.resourceUsage().maxRSS / 1024,
    virtualSeconds: (cluster.sim.now - cluster.sim.startMs) / 1000,
    counters: {
      loopEvents: perPod(after.events, before.events),
      apiRequests: perPod(after.requests, before.requests),
      replicaSetReconciles: perPod(after.reconciles, before.reconciles),
      objectsRead: perPod(after.objectsRead, before.objectsRead),
      conflicts: perPod(after.conflicts, before.conflicts),
    },
    sha256: cluster.sim.trace.digest(),
  }
}

/** Steps the loop and remembers its longest step. */
class StepWatch {
  readonly #cluster: Cluster
  longestMs = 0
  longestLabel = ''
  /** When the step before was over: one look at the clock a step. */
  #lastMs = performance.now()

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  /** Runs an input to its end. */
  finish(running: { readonly result: { readonly ok: boolean } | undefined }): void {
    const { sim } = this.#cluster
    this.#lastMs = performance.now()
    while (running.result === undefined) {
      if (!this.#step(Number.POSITIVE_INFINITY)) throw new Bug('an input comes to its end')
    }
    if (!running.result.ok) throw new Bug(`the bench's input is accepted at ${sim.timestamp()}`)
  }

  /** Lets whole seconds pass until something holds. */
  until(holds: () => boolean, what: string): void {
    const { sim } = this.#cluster
    for (let second = 0; second < LIMIT_SECONDS; second++) {
      if (holds()) return
      this.#lastMs = performance.now()
      const until = sim.now + 1000
      while (this.#step(until));
      sim.skipTo(until)
    }
    throw new Bug(`${what} within ${LIMIT_SECONDS} virtual seconds`)
  }

  #step(untilMs: number): boolean {
    const { sim } = this.#cluster
    const hasStepped = sim.step(untilMs)
    const nowMs = performance.now()
    const tookMs = nowMs - this.#lastMs
    this.#lastMs = nowMs
    if (tookMs > this.longestMs) {
      this.longestMs = tookMs
      this.longestLabel = sim.trace.read(sim.lastEvent)?.label ?? ''
    }
    return hasStepped
  }
}

function readyPods(cluster: Cluster): number {
  let ready = 0
  for (const deployment of cluster.list('deployments')) {
    ready += deployment.status.readyReplicas ?? 0
  }
  return ready
}

function readCounters(cluster: Cluster) {
  const { apiServer, controllerManager } = cluster.world.controlPlane
  const stats = controllerManager.present?.host.stats ?? new Map()
  let objectsRead = 0
  for (const { objectsRead: read } of stats.values()) objectsRead += read
  return {
    events: cluster.sim.events,
    requests: apiServer.present?.counters.requests ?? 0,
    conflicts: apiServer.present?.counters.conflicts ?? 0,
    reconciles: stats.get('replicaset')?.reconciles ?? 0,
    objectsRead,
  }
}

/** D Deployments that share the pods as evenly as can be, and the Service over them. */
function manifestFor(options: BenchOptions): string {
  const objects: unknown[] = []
  for (let i = 0; i < options.deployments; i++) {
    const replicas =
      Math.floor(options.pods / options.deployments) + (i < options.pods % options.deployments ? 1 : 0)
    const labels = { app: 'bench', part: `part-${i}` }
    objects.push({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: `bench-${i}` },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              { name: 'app', image: 'nginx:1.27', resources: { requests: { cpu: '10m', memory: '16Mi' } } },
            ],
          },
        },
      },
    })
  }
  if (options.hasService) {
    objects.push({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'bench' },
      spec: { selector: { app: 'bench' }, ports: [{ port: 80 }] },
    })
  }
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects })
}

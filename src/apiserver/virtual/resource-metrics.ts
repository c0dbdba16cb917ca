/**
 * `kubectl top`: metrics.k8s.io/v1beta1. Mirrors metrics-server's pkg/api; it differs in being answered by this server
 * itself, where upstream's aggregator asks metrics-server's pods.
 */
import {
  type AnyKind,
  type ContainerUsage,
  formatDuration,
  type KubeObject,
  type Measurement,
  type NodeMetrics,
  NodeMetricses,
  Nodes,
  type Pod,
  type PodMetrics,
  PodMetricses,
  Pods,
  usageText,
} from '../../api/index.ts'
import { type Call, type Core, statuses } from '../core.ts'
import type { VirtualHandler } from './handler.ts'

export const NODE_METRICS: VirtualHandler = {
  kind: NodeMetricses,
  objects(core) {
    return core.metrics
      .read()
      .nodes.flatMap(measured => {
        const node = core.cacher.known(Nodes)?.get('', measured.node)?.object
        return node ? [nodeMetrics(core, node, measured)] : []
      })
      .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
  },
  missing: (core, call) => missing(core, call, Nodes, 'nodemetrics'),
}

export const POD_METRICS: VirtualHandler = {
  kind: PodMetricses,
  objects(core, { request }) {
    const byPod = new Map<string, ContainerUsage[]>()
    for (const usage of core.metrics.read().containers) {
      if (request.namespace && usage.namespace !== request.namespace) continue
      const key = `${usage.namespace}/${usage.pod}`
      const others = byPod.get(key)
      if (others) others.push(usage)
      else byPod.set(key, [usage])
    }
    const found: PodMetrics[] = []
    for (const key of [...byPod.keys()].sort()) {
      const usages = byPod.get(key)!
      const { namespace, pod: name } = usages[0]!
      const pod = core.cacher.known(Pods)?.get(namespace, name)?.object as Pod | undefined
      if (pod?.status.phase === 'Running') found.push(podMetrics(core, pod, usages))
    }
    return found
  },
  missing: (core, call) => missing(core, call, Pods, 'podmetrics'),
}

function nodeMetrics(core: Core, node: KubeObject, measured: Measurement): NodeMetrics {
  const { cpuNanoCores, memoryBytes } = measured
  return { ...header(NodeMetricses, core, node, measured), usage: usageText(cpuNanoCores, memoryBytes) }
}

function podMetrics(core: Core, pod: Pod, usages: readonly ContainerUsage[]): PodMetrics {
  const earliest = usages.reduce((a, b) => (b.timestampMs < a.timestampMs ? b : a))
  return {
    ...header(PodMetricses, core, pod, earliest),
    containers: usages.map(({ container, cpuNanoCores, memoryBytes }) => ({
      name: container,
      usage: usageText(cpuNanoCores, memoryBytes),
    })),
  }
}

function header(
  { apiVersion, kind }: AnyKind,
  { context }: Core,
  { metadata: { name, namespace, labels } }: KubeObject,
  { timestampMs, windowMs }: Measurement,
) {
  const metadata = {
    name,
    ...(namespace && { namespace }),
    creationTimestamp: context.timestamp,
    ...(labels && { labels }),
  } as KubeObject['metadata']
  const timestamp = new Date(timestampMs).toISOString().replace(/\.\d+Z$/, 'Z')
  return { apiVersion, kind, metadata, timestamp, window: formatDuration(windowMs) }
}

/** What is not there is either not there at all or not measured yet. */
function missing(core: Core, { request }: Call, measured: AnyKind, plural: string) {
  const { namespace, name, kind } = request
  if (!core.cacher.known(measured)?.get(namespace, name)) return statuses.notFound(measured, name)
  const named = { group: kind.group, plural, kind: kind.kind }
  return statuses.notFound(named, namespace ? `${namespace}/${name}` : name)
}

/** `/metrics` and `/metrics/resource` of a kubelet, in Prometheus' text format and with its names. */
import { NAMES } from '../../api/index.ts'
import { kubeletUsage, type RunningContainer } from '../../cluster/index.ts'
import { sumOf } from './summary.ts'
import type { KubeletView } from './view.ts'

interface Sample {
  readonly labels?: Readonly<Record<string, string>>
  readonly value: number
  /** Ms since the Unix epoch. */
  readonly atMs?: number
}

/** What metrics-server scrapes. */
export function resourceMetrics({ machine, nowMs }: KubeletView): string {
  const usage = kubeletUsage(machine, nowMs)
  const containers = usage?.containers ?? []
  const pods = new Map<string, RunningContainer[]>()
  for (const one of containers) {
    const key = `${one.namespace}/${one.pod}`
    pods.set(key, [...(pods.get(key) ?? []), one])
  }
  const ofContainers = (value: (one: RunningContainer) => number, atMs?: number): Sample[] =>
    containers.map(one => {
      const { container, namespace, pod } = one
      return { labels: { container, namespace, pod }, value: value(one), ...(atMs !== undefined && { atMs }) }
    })
  const ofPods = (value: (sum: ReturnType<typeof sumOf>) => number): Sample[] =>
    [...pods.values()].map(own => {
      const { namespace, pod } = own[0]!
      return { labels: { namespace, pod }, value: value(sumOf(own)), atMs: nowMs }
    })
  const ofNode = (value: number | undefined): Sample[] =>
    value === undefined ? [] : [{ value, atMs: nowMs }]
  const seconds = (nanoSeconds: number) => nanoSeconds / 1e9
  return [
    family(
      'container_cpu_usage_seconds_total',
      'counter',
      '[STABLE] Cumulative cpu time consumed by the container in core-seconds',
      ofContainers(one => seconds(one.cpuNanoSeconds), nowMs),
    ),
    family(
      'container_memory_working_set_bytes',
      'gauge',
      '[STABLE] Current working set of the container in bytes',
      ofContainers(one => one.memoryBytes, nowMs),
    ),
    family(
      'container_start_time_seconds',
      'gauge',
      '[STABLE] Start time of the container since unix epoch in seconds',
      ofContainers(one => one.startedMs / 1000),
    ),
    family(
      'node_cpu_usage_seconds_total',
      'counter',
      '[STABLE] Cumulative cpu time consumed by the node in core-seconds',
      ofNode(usage && seconds(usage.node.cpuNanoSeconds)),
    ),
    family(
      'node_memory_working_set_bytes',
      'gauge',
      '[STABLE] Current working set of the node in bytes',
      ofNode(usage?.node.memoryBytes),
    ),
    family(
      'pod_cpu_usage_seconds_total',
      'counter',
      '[STABLE] Cumulative cpu time consumed by the pod in core-seconds',
      ofPods(sum => seconds(sum.cpuNanoSeconds)),
    ),
    family(
      'pod_memory_working_set_bytes',
      'gauge',
      '[STABLE] Current working set of the pod in bytes',
      ofPods(sum => sum.memoryBytes),
    ),
    family(
      'resource_scrape_error',
      'gauge',
      '[STABLE] 1 if there was an error while getting container metrics, 0 otherwise',
      [{ value: 0 }],
    ),
  ].join('')
}

/** The kubelet's own, as far as there is something to count. */
export function kubeletMetrics({ machine, pods, nowMs }: KubeletView): string {
  const running = kubeletUsage(machine, nowMs)?.containers ?? []
  return [
    family('kubelet_node_name', 'gauge', "[ALPHA] The node's name. The count is always 1.", [
      { labels: { node: machine.name }, value: 1 },
    ]),
    family('kubelet_running_containers', 'gauge', '[ALPHA] Number of containers currently running', [
      { labels: { container_state: 'running' }, value: running.length },
    ]),
    family('kubelet_running_pods', 'gauge', '[ALPHA] Number of pods that have a running pod sandbox', [
      { value: pods.filter(({ status }) => status.phase === 'Running').length },
    ]),
    family(
      'kubernetes_build_info',
      'gauge',
      "[ALPHA] A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree state, build date, Go version, and compiler from which Kubernetes was built, and platform on which it is running.",
      [{ labels: { git_version: NAMES.kubernetesVersion, major: '1', minor: '33' }, value: 1 }],
    ),
    family('process_start_time_seconds', 'gauge', 'Start time of the process since unix epoch in seconds.', [
      { value: (machine.bootedAtMs ?? nowMs) / 1000 },
    ]),
  ].join('')
}

/** One metric with its samples; nothing where there is none. */
function family(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): string {
  if (samples.length === 0) return ''
  const lines = samples.map(({ labels = {}, value, atMs }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}=${JSON.stringify(text)}`)
    const at = atMs === undefined ? '' : ` ${atMs}`
    return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}${at}\n`
  })
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

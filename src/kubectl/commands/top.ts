/** `kubectl top nodes` and `kubectl top pods`: what metrics.k8s.io says of usage. Mirrors kubectl's cmd/top. */
import {
  addQuantities,
  bytes,
  formatDuration,
  formatQuantity,
  type KindDefinition,
  type KubeList,
  type KubeObject,
  milliCpu,
  type Node,
  type NodeMetrics,
  NodeMetricses,
  Nodes,
  type PodMetrics,
  PodMetricses,
  Pods,
  parseQuantity,
} from '../../api/index.ts'
import { type ApiResult, call, requestFor } from '../../client/index.ts'
import type { Routine } from '../../sim/index.ts'
import type { Command, Invocation } from '../context.ts'
import { KubectlError, statusError } from '../kubectl-error.ts'
import { textTable } from '../printers/text-table.ts'

type Usage = NodeMetrics['usage']

const NOTHING: Usage = { cpu: '0', memory: '0' }
const NOT_YET = 'error: metrics not available yet'
/** A pod this old ought to have been measured. */
const MEASURED_WITHIN_MS = 120_000
const FLAGS: Command['flags'] = [
  { name: 'selector', short: 'l', type: 'string' },
  { name: 'sort-by', type: 'string' },
  { name: 'no-headers', type: 'boolean' },
  { name: 'use-protocol-buffers', type: 'boolean' },
]

export const TOP_NODE: Command = {
  name: 'top node',
  aliases: ['top nodes', 'top no'],
  flags: [...FLAGS, { name: 'show-capacity', type: 'boolean' }],
  *run(invocation) {
    const { flags } = invocation.args
    const name = nameFrom(invocation)
    const sortBy = sortKey(invocation)
    const selecting = { labelSelector: flags.text('selector') }
    const measured = yield* readAsked(invocation, NodeMetricses, '', name, selecting)
    if (measured.length === 0) throw new KubectlError(NOT_YET)
    const nodes = yield* readAsked(invocation, Nodes, '', name, selecting)
    const metrics = measured.sort(order(sortBy, ({ usage }) => usage))
    const lines = metrics.map(one => {
      const node = nodes.find(({ metadata }) => metadata.name === one.metadata.name)
      return [one.metadata.name, ...shares(one.usage, node, flags.isSet('show-capacity'))]
    })
    const known = new Set(metrics.map(({ metadata }) => metadata.name))
    for (const { metadata } of nodes) {
      if (!known.has(metadata.name)) lines.push([metadata.name, ...Array(4).fill('<unknown>')])
    }
    print(invocation, ['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)'], lines)
  },
}

export const TOP_POD: Command = {
  name: 'top pod',
  aliases: ['top pods', 'top po'],
  flags: [
    ...FLAGS,
    { name: 'all-namespaces', short: 'A', type: 'boolean' },
    { name: 'containers', type: 'boolean' },
    { name: 'field-selector', type: 'string' },
    { name: 'sum', type: 'boolean' },
  ],
  *run(invocation) {
    const { args, output } = invocation
    const { flags } = args
    const name = nameFrom(invocation)
    const sortBy = sortKey(invocation)
    const isEverywhere = flags.isSet('all-namespaces')
    const namespace = isEverywhere ? '' : invocation.namespace
    const selecting = { labelSelector: flags.text('selector'), fieldSelector: flags.text('field-selector') }
    const metrics = yield* readAsked(invocation, PodMetricses, namespace, name, selecting)
    if (metrics.length === 0) {
      const pods = yield* readAsked(invocation, Pods, namespace, undefined, selecting)
      refuseUnmeasured(pods, invocation.context.sim.now)
      output.err(isEverywhere ? 'No resources found\n' : `No resources found in ${namespace} namespace.\n`)
      return
    }
    const hasContainers = flags.isSet('containers')
    const usageOf = ({ containers }: PodMetrics) => total(containers.map(({ usage }) => usage))
    const lines = metrics.sort(order(sortBy, usageOf)).flatMap(pod => {
      const where = isEverywhere ? [pod.metadata.namespace ?? ''] : []
      if (!hasContainers) return [[...where, pod.metadata.name, ...amounts(usageOf(pod))]]
      const containers = pod.containers.map(one => ({ ...one, metadata: { name: one.name } }))
      return containers
        .sort(order(sortBy, ({ usage }) => usage))
        .map(one => [...where, pod.metadata.name, one.name, ...amounts(one.usage)])
    })
    const titles = [...(isEverywhere ? ['NAMESPACE'] : []), ...(hasContainers ? ['POD'] : []), 'NAME']
    if (flags.isSet('sum')) {
      // The real one forgets the namespaces here.
      const before = hasContainers ? ['', ''] : ['']
      const line = '________'
      lines.push([...before, line, line], [...before, ...amounts(total(metrics.map(usageOf)))])
    }
    print(invocation, [...titles, 'CPU(cores)', 'MEMORY(bytes)'], lines)
  },
}

/** One object, or all that selectors leave. Throws KubectlError. */
function* readAsked<T extends KubeObject>(
  { context }: Invocation,
  kind: KindDefinition<T>,
  namespace: string,
  name: string | undefined,
  options: { readonly labelSelector?: string; readonly fieldSelector?: string },
): Routine<T[]> {
  if (name !== undefined) {
    const result: ApiResult<T> = yield* call(context.api, requestFor('get', kind, namespace, name))
    if (!result.ok) throw statusError(result.status)
    return [result.object]
  }
  const list: ApiResult<KubeList<T>> = yield* call(
    context.api,
    requestFor('list', kind, namespace, '', { options }),
  )
  if (!list.ok) throw statusError(list.status)
  return [...list.object.items]
}

/** Throws KubectlError when there are pods and nothing is known of any. */
function refuseUnmeasured(pods: readonly KubeObject[], nowMs: number): void {
  if (pods.length === 0) return
  for (const { metadata } of pods) {
    const ageMs = nowMs - Date.parse(metadata.creationTimestamp ?? '')
    if (ageMs <= MEASURED_WITHIN_MS) continue
    const pod = `${metadata.namespace}/${metadata.name}`
    throw new KubectlError(`error: Metrics not available for pod ${pod}, age: ${formatDuration(ageMs)}`)
  }
  throw new KubectlError(NOT_YET)
}

function nameFrom({ args }: Invocation): string | undefined {
  const [name] = args.words
  if (name !== undefined && args.flags.text('selector')) {
    throw new KubectlError('error: only one of NAME or selector can be provided')
  }
  return name
}

function sortKey({ args }: Invocation): keyof Usage | undefined {
  const asked = args.flags.text('sort-by')
  if (asked === undefined || asked === '') return undefined
  if (asked === 'cpu' || asked === 'memory') return asked
  throw new KubectlError('error: --sort-by accepts only cpu or memory')
}

/** The most usage first, or else by namespace and name. */
function order<T extends { readonly metadata: { readonly namespace?: string; readonly name: string } }>(
  sortBy: keyof Usage | undefined,
  usageOf: (one: T) => Usage,
): (a: T, b: T) => number {
  if (sortBy === 'cpu') return (a, b) => milliCpu(usageOf(b).cpu) - milliCpu(usageOf(a).cpu)
  if (sortBy === 'memory') return (a, b) => bytes(usageOf(b).memory) - bytes(usageOf(a).memory)
  const key = ({ metadata }: T) => `${metadata.namespace ?? ''}/${metadata.name}`
  return (a, b) => (key(a) < key(b) ? -1 : 1)
}

function total(usages: readonly Usage[]): Usage {
  const sum = (resource: keyof Usage) =>
    formatQuantity([NOTHING, ...usages].map(usage => parseQuantity(usage[resource])).reduce(addQuantities))
  return { cpu: sum('cpu'), memory: sum('memory') }
}

function amounts({ cpu, memory }: Usage): [string, string] {
  return [`${milliCpu(cpu)}m`, `${Math.trunc(bytes(memory) / 1_048_576)}Mi`]
}

/** Usage with its part of what the node has to give. */
function shares(usage: Usage, node: Node | undefined, ofCapacity: boolean): string[] {
  const [cpu, memory] = amounts(usage)
  const available = (ofCapacity ? node?.status?.capacity : node?.status?.allocatable) ?? {}
  const percent = (part: number, whole: number) => (whole > 0 ? `${Math.trunc((part / whole) * 100)}%` : '')
  return [
    cpu,
    percent(milliCpu(usage.cpu), milliCpu(available.cpu)),
    memory,
    percent(bytes(usage.memory), bytes(available.memory)),
  ]
}

/** kubectl ends every cell of these tables with a tab, the last of a line too. */
function print({ args, output }: Invocation, titles: readonly string[], lines: readonly string[][]): void {
  const rows = args.flags.isSet('no-headers') ? lines : [titles, ...lines]
  for (const line of textTable(rows.map(cells => [...cells, '']))) output.out(`${line}\n`)
}

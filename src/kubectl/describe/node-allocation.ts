/** What the pods of a node have asked for, against what it has. Mirrors describeNodeResource. */
import {
  addQuantities,
  age,
  bytes,
  compareQuantities,
  formatQuantity,
  milliCpu,
  type Node,
  type Pod,
  parseQuantity,
  type Quantity,
} from '../../api/index.ts'
import type { DescriptionWriter } from './writer.ts'

type Amounts = ReadonlyMap<string, Quantity>
type Written = Readonly<Record<string, string | number>> | undefined

const ZERO: Quantity = { nano: 0n, format: 'DecimalSI' }
/** Resources that every node has; others are extended resources, and listed without their share. */
const STANDARD: readonly string[] = ['cpu', 'memory', 'ephemeral-storage', 'pods']

export function writeAllocation(
  w: DescriptionWriter,
  { status }: Node,
  pods: readonly Pod[],
  nowMs: number,
): void {
  const has = Object.keys(status?.allocatable ?? {}).length > 0 ? status?.allocatable : status?.capacity
  const share = (name: string, amounts: Amounts) => {
    const amount = formatQuantity(amounts.get(name) ?? ZERO)
    return `${amount} (${percent(name, amount, has?.[name])}%)`
  }
  w.field(0, 'Non-terminated Pods', `(${pods.length} in total)`)
  w.line(1, 'Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge')
  w.line(1, '---------\t----\t\t------------\t----------\t---------------\t-------------\t---')
  let requests: Amounts = new Map()
  let limits: Amounts = new Map()
  for (const pod of pods) {
    const asked = ofPod(pod, 'requests')
    const limited = ofPod(pod, 'limits')
    requests = add(requests, asked)
    limits = add(limits, limited)
    const { namespace, name, creationTimestamp } = pod.metadata
    const cpu = `${share('cpu', asked)}\t${share('cpu', limited)}`
    const memory = `${share('memory', asked)}\t${share('memory', limited)}`
    w.line(1, `${namespace}\t${name}\t\t${cpu}\t${memory}\t${age(creationTimestamp, nowMs)}`)
  }
  w.line(0, 'Allocated resources:')
  w.line(1, '(Total limits may be over 100 percent, i.e., overcommitted.)')
  w.line(1, 'Resource\tRequests\tLimits')
  w.line(1, '--------\t--------\t------')
  const names = Object.keys(has ?? {}).sort()
  const isHugePage = (name: string) => name.startsWith('hugepages-')
  const withShare = ['cpu', 'memory', 'ephemeral-storage', ...names.filter(isHugePage)]
  for (const name of withShare) w.line(1, `${name}\t${share(name, requests)}\t${share(name, limits)}`)
  for (const name of names.filter(name => !STANDARD.includes(name) && !isHugePage(name))) {
    const asked = formatQuantity(requests.get(name) ?? ZERO)
    w.line(1, `${name}\t${asked}\t${formatQuantity(limits.get(name) ?? ZERO)}`)
  }
}

function percent(name: string, amount: string, total: string | number | undefined): number {
  const value = name === 'cpu' ? milliCpu : bytes
  const whole = value(total)
  return whole === 0 ? 0 : Math.trunc((value(amount) / whole) * 100)
}

/** Containers together, or the greatest init container if that is more; sidecars count with both. */
function ofPod(pod: Pod, list: 'requests' | 'limits'): Amounts {
  let running: Amounts = new Map()
  for (const container of pod.spec.containers) {
    running = add(running, parsed(container.resources?.[list]))
  }
  let sidecars: Amounts = new Map()
  let starting: Amounts = new Map()
  for (const container of pod.spec.initContainers ?? []) {
    const amounts = parsed(container.resources?.[list])
    if (container.restartPolicy === 'Always') {
      running = add(running, amounts)
      sidecars = add(sidecars, amounts)
      starting = greater(starting, sidecars)
    } else {
      starting = greater(starting, add(sidecars, amounts))
    }
  }
  const total = greater(running, starting)
  const overhead = parsed(pod.spec.overhead)
  if (list === 'requests') return add(total, overhead)
  return add(total, new Map([...overhead].filter(([name]) => total.has(name))))
}

function parsed(amounts: Written): Amounts {
  return new Map(Object.entries(amounts ?? {}).map(([name, text]) => [name, parseQuantity(text)]))
}

function add(a: Amounts, b: Amounts): Amounts {
  const sum = new Map(a)
  for (const [name, amount] of b) {
    const before = sum.get(name)
    sum.set(name, before ? addQuantities(before, amount) : amount)
  }
  return sum
}

function greater(a: Amounts, b: Amounts): Amounts {
  const result = new Map(a)
  for (const [name, amount] of b) {
    const other = result.get(name)
    if (!other || compareQuantities(amount, other) > 0) result.set(name, amount)
  }
  return result
}

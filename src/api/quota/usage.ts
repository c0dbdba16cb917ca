/**
 * What one object uses up of a ResourceQuota, by resource name. Mirrors the evaluators of `pkg/quota/v1/evaluator/core`
 * and the generic object count.
 */
import type { AnyKind } from '../define-kind.ts'
import type { PersistentVolumeClaim } from '../kinds/persistentvolumeclaims/types.ts'
import { qualityOfService } from '../kinds/pods/quality-of-service.ts'
import type { Pod } from '../kinds/pods/types.ts'
import type { ResourceQuota } from '../kinds/resourcequotas/types.ts'
import type { Service } from '../kinds/services/types.ts'
import type { KubeObject } from '../object.ts'
import { addQuantities, compareQuantities, parseQuantity, type Quantity } from '../quantity.ts'

export type Usage = ReadonlyMap<string, Quantity>

const ONE = parseQuantity(1)
const ZERO = parseQuantity(0)
/** Counted under their bare name too. */
const NAMED_COUNTS: ReadonlySet<string> = new Set([
  'configmaps',
  'persistentvolumeclaims',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'services',
])

/** The usage of an object of a kind. */
export function usageOf(kind: AnyKind, object: KubeObject): Usage {
  const usage = new Map<string, Quantity>()
  usage.set(`count/${kind.group ? `${kind.plural}.${kind.group}` : kind.plural}`, ONE)
  if (kind.group !== '') return usage
  if (NAMED_COUNTS.has(kind.plural)) usage.set(kind.plural, ONE)
  if (kind.plural === 'pods') addPod(usage, object as Pod)
  else if (kind.plural === 'services') addService(usage, object as Service)
  else if (kind.plural === 'persistentvolumeclaims') addClaim(usage, object as PersistentVolumeClaim)
  return usage
}

type Draft = Map<string, Quantity>
type Resources = Readonly<Record<string, string>>

function addPod(usage: Draft, pod: Pod): void {
  const phase = pod.status?.phase
  if (phase === 'Succeeded' || phase === 'Failed') return
  usage.set('pods', ONE)
  for (const kind of ['requests', 'limits'] as const) {
    for (const [name, amount] of podTotal(pod, kind)) {
      usage.set(`${kind}.${name}`, amount)
      const isBare = name === 'cpu' || name === 'memory' || name === 'ephemeral-storage'
      if (kind === 'requests' && (isBare || name.startsWith('hugepages-'))) usage.set(name, amount)
    }
  }
}

/** What a pod asks for in all: its containers together, or its greediest init container, and its overhead. */
export function podTotal({ spec }: Pod, kind: 'requests' | 'limits'): Usage {
  const total = new Map<string, Quantity>()
  const sidecars = new Map<string, Quantity>()
  const highest = new Map<string, Quantity>()
  for (const container of spec.containers ?? []) addAll(total, container.resources?.[kind])
  for (const container of spec.initContainers ?? []) {
    const wanted = container.resources?.[kind]
    if (container.restartPolicy === 'Always') {
      addAll(total, wanted)
      addAll(sidecars, wanted)
      raise(highest, sidecars)
    } else {
      const alone = new Map(sidecars)
      addAll(alone, wanted)
      raise(highest, alone)
    }
  }
  raise(total, highest)
  addAll(total, spec.overhead as Resources | undefined)
  return total
}

function addAll(usage: Draft, resources: Resources | undefined): void {
  for (const name in resources) {
    usage.set(name, addQuantities(usage.get(name) ?? ZERO, parseQuantity(resources[name]!)))
  }
}

function raise(usage: Draft, least: Usage): void {
  for (const [name, amount] of least) {
    const present = usage.get(name)
    if (!present || compareQuantities(present, amount) < 0) usage.set(name, amount)
  }
}

function addService(usage: Draft, { spec }: Service): void {
  const ports = parseQuantity(spec.ports?.length ?? 0)
  if (spec.type === 'NodePort') usage.set('services.nodeports', ports)
  if (spec.type !== 'LoadBalancer') return
  usage.set('services.loadbalancers', ONE)
  if (spec.allocateLoadBalancerNodePorts !== false) usage.set('services.nodeports', ports)
}

function addClaim(usage: Draft, { spec }: PersistentVolumeClaim): void {
  const storage = spec.resources?.requests?.storage
  if (storage !== undefined) usage.set('requests.storage', parseQuantity(storage))
  const { storageClassName: name } = spec
  if (!name) return
  usage.set(`${name}.storageclass.storage.k8s.io/persistentvolumeclaims`, ONE)
  if (storage !== undefined) {
    usage.set(`${name}.storageclass.storage.k8s.io/requests.storage`, parseQuantity(storage))
  }
}

/** Whether an object falls under the quota's scopes; only pods fall under any. */
export function isInScope({ spec }: ResourceQuota, kind: AnyKind, object: KubeObject): boolean {
  const { scopes = [], scopeSelector } = spec
  const expressions = scopeSelector?.matchExpressions ?? []
  if (scopes.length === 0 && expressions.length === 0) return true
  if (kind.group !== '' || kind.plural !== 'pods') return false
  const pod = object as Pod
  return (
    scopes.every(scope => hasScope(pod, scope)) &&
    expressions.every(({ scopeName, operator, values = [] }) => {
      const isClass = scopeName === 'PriorityClass'
      const name = pod.spec.priorityClassName ?? ''
      switch (operator) {
        case 'In':
          return isClass && values.includes(name)
        case 'NotIn':
          return isClass && !values.includes(name)
        case 'DoesNotExist':
          return isClass ? name === '' : !hasScope(pod, scopeName)
        default:
          return hasScope(pod, scopeName)
      }
    })
  )
}

function hasScope({ spec }: Pod, scope: string): boolean {
  switch (scope) {
    case 'Terminating':
      return spec.activeDeadlineSeconds !== undefined
    case 'NotTerminating':
      return spec.activeDeadlineSeconds === undefined
    case 'BestEffort':
      return qualityOfService(spec) === 'BestEffort'
    case 'NotBestEffort':
      return qualityOfService(spec) !== 'BestEffort'
    case 'PriorityClass':
      return !!spec.priorityClassName
    default:
      return false
  }
}

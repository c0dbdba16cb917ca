/**
 * Keeps the status of ResourceQuotas: what is allowed, and what is used when everything is counted again. Mirrors
 * `pkg/controller/resourcequota`; counts objects of built-in kinds only, and again after changes and not every five
 * minutes besides.
 */
import {
  type AnyKind,
  addQuantities,
  formatQuantity,
  isInScope,
  KINDS,
  type KubeObject,
  type Pod,
  Pods,
  parseQuantity,
  type Quantity,
  type ResourceQuota,
  ResourceQuotas,
  semanticEqual,
  usageOf,
} from '../../api/index.ts'
import { type AnyWatch, type CacheIndex, type Controller, DONE, type View } from '../../client/index.ts'
import { isPodFinished } from '../shared/pod-state.ts'
import { PODS_BY_NAMESPACE } from '../shared/service-pods.ts'

const QUOTAS_BY_NAMESPACE: CacheIndex<ResourceQuota> = {
  kind: ResourceQuotas,
  name: 'quotas-by-namespace',
  values: quota => [quota.metadata.namespace ?? ''],
  isSame: () => true,
}

/** What a quota may count. Leases and Events change too often to be worth it to anybody. */
const COUNTED = KINDS.filter(
  kind =>
    kind.isNamespaced &&
    !kind.isVirtual &&
    !kind.storedAs &&
    kind.plural !== 'leases' &&
    kind.kind !== 'Event',
)
/** Resources that have a kind of their own beside `count/...`. */
const COUNTED_BY_NAME: Readonly<Record<string, string>> = {
  'services.nodeports': 'services',
  'services.loadbalancers': 'services',
  'requests.storage': 'persistentvolumeclaims',
}
const NONE: readonly string[] = Object.freeze([])

export const resourceQuotaController: Controller<ResourceQuota> = {
  name: 'resourcequota',
  eventSource: 'resourcequota-controller',
  kind: ResourceQuotas,
  watches: COUNTED.filter(kind => kind !== ResourceQuotas).map(watchOf),
  indexes: [QUOTAS_BY_NAMESPACE, PODS_BY_NAMESPACE],
  reconcile(quota, view) {
    if (!quota || quota.metadata.deletionTimestamp) return DONE
    const { hard = {} } = quota.spec
    const used: Record<string, string> = {}
    const totals = totalsOf(quota, view)
    for (const name of Object.keys(hard).sort()) used[name] = formatQuantity(totals.get(name) ?? ZERO)
    const status = { ...quota.status, hard, used }
    if (semanticEqual(status, quota.status)) return DONE
    const object = { ...quota, status } as ResourceQuota
    return { intents: [{ do: 'update', kind: ResourceQuotas, object, subresource: 'status' }] }
  },
}

const ZERO = parseQuantity(0)

function watchOf(kind: AnyKind): AnyWatch {
  return {
    kind,
    keys(object: KubeObject, old: KubeObject | undefined, event, view) {
      const { namespace = '' } = object.metadata
      if (view.size(QUOTAS_BY_NAMESPACE, namespace) === 0) return NONE
      if (event !== 'DELETED' && !(old && isReleasing(kind, object, old))) return NONE
      const quotas = view.list(QUOTAS_BY_NAMESPACE, namespace)
      return quotas.map(({ metadata }) => `${namespace}/${metadata.name}`)
    },
  }
}

/** Whether a change gives something back. What is taken, admission has written down. */
function isReleasing(kind: AnyKind, object: KubeObject, old: KubeObject): boolean {
  if (kind === Pods) return isPodFinished(object as Pod) && !isPodFinished(old as Pod)
  return (
    kind.plural === 'services' && (object as { spec?: unknown }).spec !== (old as { spec?: unknown }).spec
  )
}

/** What everything in the quota's scope uses together. */
function totalsOf(quota: ResourceQuota, view: View): ReadonlyMap<string, Quantity> {
  const { namespace = '' } = quota.metadata
  const totals = new Map<string, Quantity>()
  for (const kind of COUNTED) {
    if (!concerns(quota, kind)) continue
    const objects: readonly KubeObject[] =
      kind === Pods
        ? view.list(PODS_BY_NAMESPACE, namespace)
        : view.all<KubeObject>(kind).filter(object => object.metadata.namespace === namespace)
    for (const object of objects) {
      if (!isInScope(quota, kind, object)) continue
      for (const [name, amount] of usageOf(kind, object)) {
        const present = totals.get(name)
        totals.set(name, present ? addQuantities(present, amount) : amount)
      }
    }
  }
  return totals
}

/** Whether the quota limits anything about the kind: others need not be counted. */
function concerns({ spec }: ResourceQuota, kind: AnyKind): boolean {
  const name = kind.group ? `${kind.plural}.${kind.group}` : kind.plural
  return Object.keys(spec.hard ?? {}).some(resource => {
    if (resource === name || resource === `count/${name}`) return true
    if (resource.startsWith('count/')) return false
    const owner = COUNTED_BY_NAME[resource]
    if (owner) return owner === name
    if (resource.includes('.storageclass.storage.k8s.io/')) return name === 'persistentvolumeclaims'
    return name === 'pods'
  })
}

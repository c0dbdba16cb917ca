/**
 * ResourceQuota: nobody takes more than the namespace has. What is taken is written to the quota's status before the
 * request goes on, so that two at once cannot take the same. Mirrors `k8s.io/apiserver/pkg/admission/plugin/resourcequota`;
 * differs in checking each request for itself instead of in batches.
 */
import {
  ApiError,
  addQuantities,
  compareQuantities,
  formatQuantity,
  isInScope,
  type KubeObject,
  type Pod,
  Pods,
  parseQuantity,
  type Quantity,
  type ResourceQuota,
  ResourceQuotas,
  statuses,
  subtractQuantities,
  type Usage,
  usageOf,
} from '../../api/index.ts'
import type { ApiRequest } from '../../client/index.ts'
import type { Routine } from '../../sim/index.ts'
import { changeStored } from '../change.ts'
import type { Core } from '../core.ts'
import { type AdmissionPlugin, type Attributes, nameIn } from './plugin.ts'

const UPDATED: ReadonlySet<string> = new Set(['pods', 'services', 'persistentvolumeclaims'])

export const RESOURCE_QUOTA: AdmissionPlugin = {
  name: 'ResourceQuota',

  handles(kind, operation, subresource) {
    if (!kind.isNamespaced || kind.isVirtual) return false
    if (operation === 'CREATE') return subresource === ''
    if (operation !== 'UPDATE' || kind.group !== '' || !UPDATED.has(kind.plural)) return false
    return subresource === '' || subresource === 'resize'
  },

  waits: ({ namespace }, view) =>
    view.hasAny(ResourceQuotas) && view.list(ResourceQuotas, namespace).length > 0,

  *validateWaiting(object, attributes, core) {
    if (!object) return
    const taken = takenBy(object, attributes)
    if (taken.size === 0) return
    const quotas = core.cacher.known(ResourceQuotas)?.list(attributes.namespace) ?? []
    for (const entry of [...quotas]) {
      const quota = entry.object as ResourceQuota
      if (!isInScope(quota, attributes.kind, object)) continue
      const hard = quota.status?.hard ?? {}
      if (attributes.kind === Pods && attributes.operation === 'CREATE') {
        requireResources(object as Pod, quota, attributes)
      }
      const wanted = new Map([...taken].filter(([name]) => hard[name] !== undefined))
      if (wanted.size > 0) yield* take(core, quota, wanted, object, attributes)
    }
  },
}

/** What the request takes more than before. */
function takenBy(object: KubeObject, { kind, old }: Attributes): Usage {
  const usage = usageOf(kind, object)
  const before = old ? usageOf(kind, old) : new Map<string, Quantity>()
  const taken = new Map<string, Quantity>()
  for (const [name, amount] of usage) {
    const had = before.get(name)
    const more = had ? subtractQuantities(amount, had) : amount
    if (more.nano > 0n) taken.set(name, more)
  }
  return taken
}

/** Writes the usage down. Throws ApiError when the quota has not got it. */
function* take(
  core: Core,
  quota: ResourceQuota,
  wanted: Usage,
  object: KubeObject,
  attributes: Attributes,
): Routine<void> {
  const { namespace = '', name } = quota.metadata
  const request: ApiRequest = {
    verb: 'update',
    kind: ResourceQuotas,
    namespace,
    name,
    subresource: 'status',
    options: { dryRun: attributes.isDryRun },
  }
  const cache = yield* core.cacher.cacheOf(ResourceQuotas)
  const call = { user: attributes.user, request, warnings: [] }
  yield* changeStored(core, call, cache, stored => {
    const current = stored as ResourceQuota
    const { hard = {}, used = {} } = current.status ?? {}
    const next: Record<string, string> = { ...used }
    const exceeded: string[] = []
    for (const [resource, amount] of wanted) {
      const limit = hard[resource]
      if (limit === undefined) continue
      const sum = addQuantities(parseQuantity(used[resource] ?? 0), amount)
      next[resource] = formatQuantity(sum)
      if (compareQuantities(sum, parseQuantity(limit)) > 0) exceeded.push(resource)
    }
    if (exceeded.length > 0) throw new ApiError(refusal(current, exceeded.sort(), wanted, object, attributes))
    return {
      ...current,
      metadata: { ...current.metadata },
      status: { ...current.status, used: next },
    } as ResourceQuota
  })
}

function refusal(
  quota: ResourceQuota,
  exceeded: readonly string[],
  wanted: Usage,
  object: KubeObject,
  attributes: Attributes,
) {
  const { hard = {}, used = {} } = quota.status
  const list = (amountOf: (name: string) => string) =>
    exceeded.map(name => `${name}=${amountOf(name)}`).join(',')
  const why = [
    `exceeded quota: ${quota.metadata.name}`,
    `requested: ${list(name => formatQuantity(wanted.get(name)!))}`,
    `used: ${list(name => used[name] ?? '0')}`,
    `limited: ${list(name => hard[name]!)}`,
  ].join(', ')
  return statuses.forbidden(attributes.kind, nameIn(attributes, object), why)
}

const COMPUTE = /^(requests\.|limits\.)?(cpu|memory|ephemeral-storage)$/

/** A quota on processors or memory wants to be told what each container takes. Throws ApiError. */
function requireResources(pod: Pod, quota: ResourceQuota, attributes: Attributes): void {
  const missing: string[] = []
  for (const resource of Object.keys(quota.status?.hard ?? {}).sort()) {
    const [, prefix = '', name = ''] = COMPUTE.exec(resource) ?? []
    if (name === '') continue
    const kind = prefix === 'limits.' ? 'limits' : 'requests'
    const containers = [...(pod.spec.containers ?? []), ...(pod.spec.initContainers ?? [])]
    const silent = containers.filter(({ resources }) => resources?.[kind]?.[name] === undefined)
    if (silent.length > 0) {
      missing.push(
        `${resource} for: ${silent
          .map(container => container.name)
          .sort()
          .join(',')}`,
      )
    }
  }
  if (missing.length === 0) return
  const why = `failed quota: ${quota.metadata.name}: must specify ${missing.join('; ')}`
  throw new ApiError(statuses.forbidden(attributes.kind, nameIn(attributes, pod), why))
}

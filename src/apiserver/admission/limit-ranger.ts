/**
 * LimitRanger: containers, pods and claims get the namespace's defaults and keep to its bounds. Mirrors
 * `plugin/pkg/admission/limitranger`.
 */
import {
  compareQuantities,
  formatQuantity,
  type KubeObject,
  type LimitRange,
  LimitRanges,
  type PersistentVolumeClaim,
  PersistentVolumeClaims,
  type Pod,
  Pods,
  parseQuantity,
  podTotal,
  type Quantity,
  statuses,
} from '../../api/index.ts'
import { type AdmissionPlugin, nameIn } from './plugin.ts'

type Container = Pod['spec']['containers'][number]
type Resources = Readonly<Record<string, string>>
type Item = LimitRange['spec']['limits'][number]

const ANNOTATION = 'kubernetes.io/limit-ranger'

export const LIMIT_RANGER: AdmissionPlugin = {
  name: 'LimitRanger',

  handles: (kind, operation, subresource) =>
    subresource === '' &&
    ((kind === Pods && operation === 'CREATE') ||
      (kind === PersistentVolumeClaims && (operation === 'CREATE' || operation === 'UPDATE'))),

  admit(object, { kind, namespace }, view) {
    if (kind !== Pods || !view.hasAny(LimitRanges)) return undefined
    const ranges = view.list(LimitRanges, namespace)
    let pod = object as Pod
    if (!pod.spec?.containers) return undefined
    for (const range of ranges) pod = withDefaults(pod, range)
    return pod
  },

  validate(object, attributes, view) {
    if (!view.hasAny(LimitRanges) || !object) return undefined
    const ranges = view.list(LimitRanges, attributes.namespace)
    for (const { spec } of ranges) {
      const errors =
        attributes.kind === Pods ? podErrors(object as Pod, spec.limits) : claimErrors(object, spec.limits)
      if (errors.length === 0) continue
      const why = errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]`
      return { refused: statuses.forbidden(attributes.kind, nameIn(attributes, object), why) }
    }
    return undefined
  },
}

/** The pod with the range's defaults in its containers, noted in an annotation. */
function withDefaults(pod: Pod, { spec }: LimitRange): Pod {
  const requests: Record<string, string> = {}
  const limits: Record<string, string> = {}
  for (const item of spec.limits) {
    if (item.type !== 'Container') continue
    Object.assign(requests, item.defaultRequest)
    Object.assign(limits, item.default)
  }
  const notes: string[] = []
  const fill = (container: Container, what: string): Container => {
    const { resources = {} } = container
    const missing = (given: Resources | undefined, wanted: Resources) =>
      Object.keys(wanted)
        .filter(name => given?.[name] === undefined)
        .sort()
    const [newLimits, newRequests] = [
      missing(resources.limits, limits),
      missing(resources.requests, requests),
    ]
    if (newLimits.length === 0 && newRequests.length === 0) return container
    const { name } = container
    if (newRequests.length > 0) notes.push(`${newRequests.join(', ')} request for ${what} ${name}`)
    if (newLimits.length > 0) notes.push(`${newLimits.join(', ')} limit for ${what} ${name}`)
    return {
      ...container,
      resources: {
        ...resources,
        ...(newLimits.length > 0 && { limits: { ...limits, ...resources.limits } }),
        ...(newRequests.length > 0 && { requests: { ...requests, ...resources.requests } }),
      },
    }
  }
  const containers = pod.spec.containers.map(container => fill(container, 'container'))
  const initContainers = pod.spec.initContainers?.map(container => fill(container, 'init container'))
  if (notes.length === 0) return pod
  const annotations = {
    ...pod.metadata.annotations,
    [ANNOTATION]: `LimitRanger plugin set: ${notes.join('; ')}`,
  }
  return {
    ...pod,
    metadata: { ...pod.metadata, annotations },
    spec: { ...pod.spec, containers, ...(initContainers && { initContainers }) },
  } as Pod
}

type Amounts = ReadonlyMap<string, Quantity>

function podErrors(pod: Pod, items: readonly Item[]): string[] {
  const errors: string[] = []
  for (const item of items) {
    if (item.type === 'Container') {
      for (const container of [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]) {
        const { requests, limits } = container.resources ?? {}
        errors.push(...itemErrors(item, amountsOf(requests), amountsOf(limits)))
      }
    } else if (item.type === 'Pod') {
      errors.push(...itemErrors(item, podTotal(pod, 'requests'), podTotal(pod, 'limits')))
    }
  }
  return errors
}

function claimErrors(object: KubeObject, items: readonly Item[]): string[] {
  const requests = amountsOf((object as PersistentVolumeClaim).spec.resources?.requests)
  const errors: string[] = []
  for (const item of items) {
    if (item.type !== 'PersistentVolumeClaim') continue
    for (const [name, bound] of Object.entries(item.min ?? {}))
      errors.push(...minimum(item, name, bound, requests, NO_AMOUNTS))
    for (const [name, bound] of Object.entries(item.max ?? {})) {
      const request = requests.get(name)
      const head = `maximum ${name} usage per ${item.type} is ${bound}`
      if (!request) errors.push(`${head}.  No request is specified`)
      else if (compareQuantities(request, bound) > 0)
        errors.push(`${head}, but request is ${formatQuantity(request)}`)
    }
  }
  return errors
}

const NO_AMOUNTS: Amounts = new Map()

function amountsOf(resources: Resources | undefined): Amounts {
  return new Map(Object.entries(resources ?? {}).map(([name, text]) => [name, parseQuantity(text)]))
}

function itemErrors(item: Item, requests: Amounts, limits: Amounts): string[] {
  const errors: string[] = []
  for (const [name, bound] of Object.entries(item.min ?? {}))
    errors.push(...minimum(item, name, bound, requests, limits))
  for (const [name, bound] of Object.entries(item.max ?? {}))
    errors.push(...maximum(item, name, bound, requests, limits))
  for (const [name, bound] of Object.entries(item.maxLimitRequestRatio ?? {})) {
    errors.push(...ratio(item, name, bound, requests, limits))
  }
  return errors
}

function minimum({ type }: Item, name: string, bound: string, requests: Amounts, limits: Amounts): string[] {
  const head = `minimum ${name} usage per ${type} is ${bound}`
  const [request, limit] = [requests.get(name), limits.get(name)]
  if (!request) return [`${head}.  No request is specified`]
  if (compareQuantities(request, bound) < 0) return [`${head}, but request is ${formatQuantity(request)}`]
  if (limit && compareQuantities(limit, bound) < 0) return [`${head}, but limit is ${formatQuantity(limit)}`]
  return []
}

function maximum({ type }: Item, name: string, bound: string, requests: Amounts, limits: Amounts): string[] {
  const head = `maximum ${name} usage per ${type} is ${bound}`
  const [request, limit] = [requests.get(name), limits.get(name)]
  if (!limit) return [`${head}.  No limit is specified`]
  if (compareQuantities(limit, bound) > 0) return [`${head}, but limit is ${formatQuantity(limit)}`]
  if (request && compareQuantities(request, bound) > 0)
    return [`${head}, but request is ${formatQuantity(request)}`]
  return []
}

function ratio({ type }: Item, name: string, bound: string, requests: Amounts, limits: Amounts): string[] {
  const head = `${name} max limit to request ratio per ${type} is ${bound}`
  const [request, limit] = [requests.get(name), limits.get(name)]
  if (!request || request.nano === 0n) return [`${head}, but no request is specified or request is 0`]
  if (!limit || limit.nano === 0n) return [`${head}, but no limit is specified or limit is 0`]
  const actual = Number(limit.nano) / Number(request.nano)
  const most = Number(parseQuantity(bound).nano) / 1e9
  return actual > most ? [`${head}, but provided ratio is ${actual.toFixed(6)}`] : []
}

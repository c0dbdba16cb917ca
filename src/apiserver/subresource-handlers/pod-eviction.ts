/**
 * `POST pods/NAME/eviction`: a deletion that asks the pod's disruption budget first. Mirrors `EvictionREST` of
 * pkg/registry/core/pod/storage; it differs in trying again on conflicts without a pause, as every write here does.
 */
import {
  API_SERVER,
  ApiError,
  labelSelector,
  type Pod,
  type PodDisruptionBudget,
  PodDisruptionBudgets,
  Pods,
  type Status,
  statuses,
} from '../../api/index.ts'
import type { ApiRequest, ApiResult, RequestOptions } from '../../client/index.ts'
import type { Routine } from '../../sim/index.ts'
import { changeStored } from '../change.ts'
import { answer, type Call, type Core, CREATED, refuse } from '../core.ts'
import { deleteAdmitted } from '../delete.ts'
import { owned } from '../metadata.ts'
import type { WatchCache } from '../watch-cache.ts'
import type { SubresourceHandler } from './handler.ts'

export const POD_EVICTION: SubresourceHandler = { kind: Pods, subresource: 'eviction', handle: evict }

/** policy/v1 Eviction. */
interface Eviction {
  readonly apiVersion?: string
  readonly kind?: string
  readonly metadata?: { readonly name?: string; readonly namespace?: string }
  readonly deleteOptions?: DeleteOptions
}

interface DeleteOptions extends Omit<RequestOptions, 'dryRun'> {
  readonly dryRun?: readonly string[]
}

const FORBIDDEN_NOW = "Cannot evict pod as it would violate the pod's disruption budget."
const TWO_BUDGETS: Status = Object.freeze({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
  code: 500,
})

function* evict(core: Core, call: Call, cache: WatchCache): Routine<ApiResult> {
  const { namespace, name } = call.request
  const eviction = evictionIn(call)
  const options = deleteOptionsOf(call, eviction)
  if (core.cacher.isBehind) yield* core.cacher.reach(core.store.revision)
  const pod = cache.get(namespace, name)?.object as Pod | undefined
  if (!pod) return refuse(statuses.notFound(Pods, name))
  let preconditions = options.preconditions
  let budgetName: string | undefined
  if (isGuarded(pod)) {
    const budgets = budgetsOf(core, pod)
    const [budget] = budgets
    if (budgets.length > 1) return refuse(TWO_BUDGETS)
    if (budget) {
      if (isFreeToGo(pod, budget)) {
        // What was seen of the pod must still be so when it goes.
        budgetName = budget.metadata.name
        preconditions = { resourceVersion: pod.metadata.resourceVersion, ...preconditions }
      } else yield* spend(core, call, budget, name, options)
    }
  }
  const isOurPrecondition = budgetName !== undefined && !options.preconditions?.resourceVersion
  if (!options.dryRun && !isOurPrecondition) yield* markDisrupted(core, call, cache)
  const request: ApiRequest = {
    ...call.request,
    verb: 'delete',
    subresource: '',
    body: undefined,
    options: { ...options, ...(preconditions && { preconditions }) },
  }
  const result = yield* deleteAdmitted(core, { ...call, request }, cache)
  if (result.ok) return answer(call, 201, CREATED)
  return isOurPrecondition && result.code === 409 ? refuse(stillProcessed(budgetName!)) : result
}

function evictionIn({ request }: Call): Eviction {
  const body = request.body as Eviction | undefined
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return refuse(statuses.badRequest('the body of the request is no Eviction'))
  }
  if (body.kind !== 'Eviction' || (body.apiVersion !== 'policy/v1' && body.apiVersion !== 'policy/v1beta1')) {
    const got = `no kind "${body.kind}" is registered for version "${body.apiVersion}"`
    return refuse(statuses.badRequest(got))
  }
  if (body.metadata?.name !== request.name) {
    return refuse(statuses.badRequest('name in URL does not match name in Eviction object'))
  }
  return body
}

function deleteOptionsOf({ request }: Call, { deleteOptions }: Eviction): RequestOptions {
  const { dryRun, gracePeriodSeconds, preconditions, propagationPolicy } = deleteOptions ?? {}
  return {
    dryRun: request.options.dryRun || (dryRun?.length ?? 0) > 0,
    gracePeriodSeconds: gracePeriodSeconds ?? request.options.gracePeriodSeconds,
    preconditions,
    propagationPolicy,
  }
}

/** A pod that runs or may run. What has ended, has not begun or is going costs no budget. */
function isGuarded({ metadata, status }: Pod): boolean {
  if (metadata.deletionTimestamp) return false
  return status.phase !== 'Succeeded' && status.phase !== 'Failed' && status.phase !== 'Pending'
}

function budgetsOf(core: Core, pod: Pod): PodDisruptionBudget[] {
  const { namespace = '', labels } = pod.metadata
  const found: PodDisruptionBudget[] = []
  for (const { object } of core.cacher.known(PodDisruptionBudgets)?.list(namespace) ?? []) {
    const budget = object as PodDisruptionBudget
    if (labelSelector(budget.spec.selector).matches(labels)) found.push(budget)
  }
  return found
}

/** Whether an unhealthy pod may go without being counted. */
function isFreeToGo(pod: Pod, { spec, status }: PodDisruptionBudget): boolean {
  if (pod.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')) return false
  if (spec.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true
  return status.currentHealthy >= status.desiredHealthy && status.desiredHealthy > 0
}

/** Takes one disruption from the budget. Throws ApiError when it has none left. */
function* spend(
  core: Core,
  call: Call,
  budget: PodDisruptionBudget,
  podName: string,
  options: RequestOptions,
): Routine<void> {
  const { namespace = '', name } = budget.metadata
  const cache = yield* core.cacher.cacheOf(PodDisruptionBudgets)
  const request: ApiRequest = {
    verb: 'update',
    kind: PodDisruptionBudgets,
    namespace,
    name,
    subresource: 'status',
    options: { dryRun: options.dryRun },
  }
  const { timestamp } = core.context
  const changed = yield* changeStored(core, { ...call, request }, cache, stored =>
    spent(stored as PodDisruptionBudget, podName, timestamp),
  )
  if (changed.outcome === 'missing') refuse(statuses.notFound(PodDisruptionBudgets, name))
}

function spent(budget: PodDisruptionBudget, podName: string, timestamp: string): PodDisruptionBudget {
  const { metadata, status } = budget
  const { name } = metadata
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) throw new ApiError(stillProcessed(name))
  const forbidden = (why: string) => new ApiError(statuses.forbidden(BUDGET, name, why))
  if (status.disruptionsAllowed < 0) throw forbidden('pdb disruptions allowed is negative')
  if (Object.keys(status.disruptedPods ?? {}).length > API_SERVER.disruptedPods) {
    throw forbidden('DisruptedPods map too big - too many evictions not confirmed by PDB controller')
  }
  if (status.disruptionsAllowed === 0) {
    const { desiredHealthy, currentHealthy } = status
    const why = `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`
    throw new ApiError(tooMany(why, undefined))
  }
  const disruptionsAllowed = status.disruptionsAllowed - 1
  const next: PodDisruptionBudget = {
    ...budget,
    status: {
      ...status,
      disruptionsAllowed,
      conditions:
        disruptionsAllowed > 0
          ? status.conditions
          : status.conditions?.map(condition =>
              condition.type === 'DisruptionAllowed' && condition.status === 'True'
                ? {
                    ...condition,
                    status: 'False',
                    reason: 'InsufficientPods',
                    lastTransitionTime: timestamp,
                    observedGeneration: status.observedGeneration,
                  }
                : condition,
            ),
      disruptedPods: { ...status.disruptedPods, [podName]: timestamp },
    },
  }
  return owned({ ...next, metadata: { ...metadata } })
}

const BUDGET = { group: 'policy', plural: 'poddisruptionbudget', kind: 'PodDisruptionBudget' }

function stillProcessed(name: string): Status {
  return tooMany(`The disruption budget ${name} is still being processed by the server.`, 10)
}

function tooMany(message: string, retryAfterSeconds: number | undefined): Status {
  const status = statuses.tooManyRequests(FORBIDDEN_NOW, retryAfterSeconds ?? 0)
  const causes = [{ reason: 'DisruptionBudget', message }]
  return { ...status, details: { causes, ...(retryAfterSeconds && { retryAfterSeconds }) } }
}

/** The pod says why it goes. */
function* markDisrupted(core: Core, call: Call, cache: WatchCache): Routine<void> {
  const { timestamp } = core.context
  const request: ApiRequest = { ...call.request, verb: 'patch', subresource: 'status', options: {} }
  yield* changeStored(core, { ...call, request }, cache, stored => {
    const pod = stored as Pod
    const old = pod.status.conditions?.find(({ type }) => type === 'DisruptionTarget')
    if (old?.reason === CONDITION.reason && old.status === CONDITION.status) return pod
    const others = pod.status.conditions?.filter(condition => condition !== old) ?? []
    const conditions = [...others, { ...CONDITION, lastTransitionTime: timestamp }]
    return { ...pod, metadata: { ...pod.metadata }, status: { ...pod.status, conditions } } as Pod
  })
}

const CONDITION = Object.freeze({
  type: 'DisruptionTarget',
  status: 'True',
  reason: 'EvictionByEvictionAPI',
  message: 'Eviction API: evicting',
})

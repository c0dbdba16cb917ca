/**
 * Scales what HorizontalPodAutoscalers name, every 15 s. Mirrors `pkg/controller/podautoscaler`; differs in hearing of
 * usage through a port in place of metrics.k8s.io. A component: what was recommended, and when it scaled, is memory.
 */
import {
  type AnyKind,
  deepEqual,
  type HorizontalPodAutoscaler,
  HorizontalPodAutoscalers,
  KINDS,
  type KubeObject,
  Pods,
  parseLabelSelector,
} from '../../api/index.ts'
import {
  type ApiPort,
  call,
  EventRecorder,
  type Informers,
  requestFor,
  WorkerPool,
  type WorkResult,
} from '../../client/index.ts'
import type { Routine, Scope } from '../../sim/index.ts'
import { PODS_BY_NAMESPACE } from '../shared/service-pods.ts'
import { type Memory, normalise, rememberScaling } from './behavior.ts'
import { type Evaluation, evaluate } from './evaluate.ts'
import type { ResourceMetrics } from './metrics.ts'
import { type Finding, withFindings, withSizes } from './status.ts'

/** `--horizontal-pod-autoscaler-sync-period` */
const SYNC_PERIOD_MS = 15_000

export interface HorizontalPodAutoscalerOptions {
  readonly api: ApiPort
  readonly informers: Informers
  /** Kinds made at run time. */
  readonly customKinds: () => readonly AnyKind[]
  readonly metrics: ResourceMetrics
}

interface Scale extends KubeObject {
  readonly spec: { readonly replicas?: number }
  readonly status: { readonly replicas: number; readonly selector?: string }
}

/** What an evaluation comes to: the size, and what is said of it. */
interface Plan {
  readonly replicas: number
  readonly reason: string
  readonly findings: readonly Finding[]
  readonly metrics: Extract<Evaluation, { metric: string }>['statuses'] | undefined
}

export class HorizontalPodAutoscalerController {
  readonly #scope: Scope
  readonly #options: HorizontalPodAutoscalerOptions
  readonly #recorder: EventRecorder
  readonly #pool: WorkerPool
  readonly #memories = new Map<string, Memory>()

  constructor(scope: Scope, options: HorizontalPodAutoscalerOptions) {
    this.#scope = scope
    this.#options = options
    this.#recorder = new EventRecorder(scope, options.api, { component: 'horizontal-pod-autoscaler' })
    const work = { workers: 5, subjectPrefix: '/registry/autoscaling/horizontalpodautoscalers/' }
    this.#pool = new WorkerPool(scope, 'horizontal-pod-autoscaler', work, key => this.#sync(key))
    options.informers.of(HorizontalPodAutoscalers)
    options.informers.of(Pods).addIndex(PODS_BY_NAMESPACE)
  }

  start(): void {
    const { informers } = this.#options
    informers.start()
    informers.whenSynced(() => {
      informers.of(HorizontalPodAutoscalers).addHandler({
        added: (_, key) => this.#pool.queue.add(key),
        deleted: (_, key) => this.#memories.delete(key),
      })
      this.#pool.start()
    })
  }

  /** As upstream, a change is heeded at the next tick. */
  *#sync(key: string): Routine<WorkResult> {
    const autoscaler = this.#options.informers.of(HorizontalPodAutoscalers).getByKey(key)
    if (!autoscaler) return 'done'
    yield* this.#reconcile(key, autoscaler)
    return { againAfterMs: SYNC_PERIOD_MS }
  }

  *#reconcile(key: string, autoscaler: HorizontalPodAutoscaler): Routine<void> {
    const target = this.#targetKind(autoscaler)
    const { name } = autoscaler.spec.scaleTargetRef
    const namespace = autoscaler.metadata.namespace ?? ''
    const scale = target
      ? yield* call<Scale>(
          this.#options.api,
          requestFor('get', target, namespace, name, { subresource: 'scale' }),
        )
      : undefined
    if (!target || !scale?.ok) {
      const { apiVersion = '', kind } = autoscaler.spec.scaleTargetRef
      const why =
        (scale && !scale.ok && scale.status.message) ||
        `no matches for kind "${kind}" in group "${groupOf(apiVersion)}"`
      this.#recorder.event(autoscaler, 'Warning', 'FailedGetScale', why)
      const message = `the HPA controller was unable to get the target's current scale: ${why}`
      yield* this.#write(autoscaler, autoscaler.status, [
        { type: 'AbleToScale', status: 'False', reason: 'FailedGetScale', message },
      ])
      return
    }
    const current = scale.object.spec.replicas ?? 0
    const plan = this.#plan(key, autoscaler, scale.object)
    if ('failed' in plan) {
      yield* this.#write(
        autoscaler,
        withSizes(autoscaler, current, autoscaler.status.desiredReplicas ?? 0, undefined, undefined),
        plan.failed,
      )
      return
    }
    yield* this.#carryOut(key, autoscaler, target, scale.object, plan)
  }

  *#carryOut(
    key: string,
    autoscaler: HorizontalPodAutoscaler,
    target: AnyKind,
    scale: Scale,
    { replicas, reason, findings, metrics }: Plan,
  ): Routine<void> {
    const current = scale.spec.replicas ?? 0
    if (replicas === current) {
      yield* this.#write(autoscaler, withSizes(autoscaler, current, replicas, metrics, undefined), findings)
      return
    }
    const body = { ...scale, spec: { ...scale.spec, replicas } }
    const { namespace = '', name } = scale.metadata
    const result = yield* call(
      this.#options.api,
      requestFor('update', target, namespace, name, { subresource: 'scale', body }),
    )
    const size = `New size: ${replicas}; reason: ${reason}`
    if (!result.ok) {
      const why = result.status.message
      this.#recorder.event(autoscaler, 'Warning', 'FailedRescale', `${size}; error: ${why}`)
      const message = `the HPA controller was unable to update the target scale: ${why}`
      const failed: Finding = { type: 'AbleToScale', status: 'False', reason: 'FailedUpdateScale', message }
      yield* this.#write(autoscaler, withSizes(autoscaler, current, current, metrics, undefined), [
        ...findings,
        failed,
      ])
      return
    }
    this.#recorder.event(autoscaler, 'Normal', 'SuccessfulRescale', size)
    rememberScaling(this.#memory(key, current), replicas - current, this.#scope.sim.now)
    const message = `the HPA controller was able to update the target scale to ${replicas}`
    const done: Finding = { type: 'AbleToScale', status: 'True', reason: 'SucceededRescale', message }
    const status = withSizes(autoscaler, current, replicas, metrics, this.#scope.sim.timestamp())
    yield* this.#write(autoscaler, status, [...findings, done])
  }

  /** What to scale to, or what is wrong. */
  #plan(
    key: string,
    autoscaler: HorizontalPodAutoscaler,
    scale: Scale,
  ): Plan | { readonly failed: readonly Finding[] } {
    const { minReplicas = 1, maxReplicas } = autoscaler.spec
    const { now } = this.#scope.sim
    const current = scale.spec.replicas ?? 0
    const memory = this.#memory(key, current)
    const bounds = (replicas: number, reason: string): Plan => ({
      replicas,
      reason,
      findings: [ABLE],
      metrics: undefined,
    })
    if (current === 0 && minReplicas !== 0) return { ...bounds(0, ''), findings: [ABLE, DISABLED] }
    if (current > maxReplicas) return bounds(maxReplicas, 'Current number of replicas above Spec.MaxReplicas')
    if (current < minReplicas) return bounds(minReplicas, 'Current number of replicas below Spec.MinReplicas')
    const { selector } = scale.status
    if (!selector) {
      this.#recorder.event(autoscaler, 'Warning', 'SelectorRequired', 'selector is required')
      return { failed: [ABLE, NO_SELECTOR] }
    }
    const matcher = parseLabelSelector(selector)
    const pods = this.#options.informers
      .of(Pods)
      .list(PODS_BY_NAMESPACE, autoscaler.metadata.namespace ?? '')
      .filter(pod => matcher.matches(pod.metadata.labels))
    const found = evaluate(autoscaler, { current, pods, usages: this.#options.metrics.usage(), nowMs: now })
    for (const { reason, message } of found.failures)
      this.#recorder.event(autoscaler, 'Warning', reason, message)
    if ('error' in found) {
      this.#recorder.event(autoscaler, 'Warning', 'FailedComputeMetricsReplicas', found.error)
      const [{ reason = '', message = '' } = {}] = found.failures
      const text = `the HPA was unable to compute the replica count: ${message}`
      return { failed: [ABLE, { type: 'ScalingActive', status: 'False', reason, message: text }] }
    }
    const { replicas, conditions } = normalise(autoscaler, memory, current, found.replicas, now)
    const message = `the HPA was able to successfully calculate a replica count from ${found.metric}`
    const active: Finding = { type: 'ScalingActive', status: 'True', reason: 'ValidMetricFound', message }
    const reason = found.replicas > current ? `${found.metric} above target` : 'All metrics below target'
    return { replicas, reason, findings: [ABLE, active, ...conditions], metrics: found.statuses }
  }

  /** What is first seen counts as recommended: nothing is scaled down in the first minutes of an autoscaler. */
  #memory(key: string, current: number): Memory {
    let memory = this.#memories.get(key)
    if (!memory) {
      const first = { atMs: this.#scope.sim.now, value: current }
      memory = { recommendations: [first], ups: [], downs: [] }
      this.#memories.set(key, memory)
    }
    return memory
  }

  #targetKind({ spec }: HorizontalPodAutoscaler): AnyKind | undefined {
    const { apiVersion = '', kind } = spec.scaleTargetRef
    const group = groupOf(apiVersion)
    const isMeant = (one: AnyKind) => one.group === group && one.kind === kind && one.scale !== undefined
    return KINDS.find(isMeant) ?? this.#options.customKinds().find(isMeant)
  }

  *#write(
    autoscaler: HorizontalPodAutoscaler,
    status: HorizontalPodAutoscaler['status'],
    findings: readonly Finding[],
  ): Routine<void> {
    const next = withFindings(status, findings, this.#scope.sim.timestamp())
    if (deepEqual(next, autoscaler.status)) return
    const { namespace = '', name } = autoscaler.metadata
    const request = requestFor('update', HorizontalPodAutoscalers, namespace, name, {
      subresource: 'status',
      body: { ...autoscaler, status: next },
    })
    yield* call(this.#options.api, request)
  }
}

const ABLE: Finding = {
  type: 'AbleToScale',
  status: 'True',
  reason: 'SucceededGetScale',
  message: "the HPA controller was able to get the target's current scale",
}
const DISABLED: Finding = {
  type: 'ScalingActive',
  status: 'False',
  reason: 'ScalingDisabled',
  message: 'scaling is disabled since the replica count of the target is zero',
}
const NO_SELECTOR: Finding = {
  type: 'ScalingActive',
  status: 'False',
  reason: 'InvalidSelector',
  message: "the HPA target's scale is missing a selector",
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
}

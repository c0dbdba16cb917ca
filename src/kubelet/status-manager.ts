/**
 * Tells the API server of pods: one request under way for each, whatever changed meanwhile goes with the next;
 * nothing is sent that is known there. Mirrors `pkg/kubelet/status`, except that it writes the whole status
 * (PUT with a resourceVersion) where upstream reads the pod and sends a patch: one request instead of two, and
 * a conflict where upstream would merge.
 */

import type { PodStatus } from 'kubernetes-types/core/v1.js'
import { deepEqual, KUBELET, type Pod, Pods } from '../api/index.ts'
import { type ApiResult, type RequestOptions, requestFor } from '../client/index.ts'
import { isTerminal, type PodWorker, tellPod } from './pods/pod-worker.ts'
import type { Services } from './services.ts'

export class StatusManager {
  readonly #services: Services

  constructor(services: Services) {
    this.#services = services
  }

  set(worker: PodWorker, status: PodStatus): void {
    if (worker.isDeleted) return
    const known = worker.status ?? worker.pod.status
    if (!worker.isStatusStale && deepEqual(known, status)) return
    worker.status = status
    if (worker.isStatusSending) worker.isStatusStale = true
    else this.#send(worker)
  }

  /**
   * A newer version of the pod has arrived: what was refused over an older one may be sent now, and what
   * somebody else has said of its readiness (the node lifecycle controller, while we were cut off) is put right.
   */
  podChanged(worker: PodWorker): void {
    const { pod, status } = worker
    if (!worker.isStatusSending && status && !agrees(pod.status, status)) worker.isStatusStale = true
    if (worker.isStatusStale && !worker.isStatusSending) this.#send(worker)
    else this.deleteIfDone(worker)
  }

  #send(worker: PodWorker): void {
    const { pod, status } = worker
    worker.isStatusSending = true
    worker.isStatusStale = false
    const { namespace = '', name } = pod.metadata
    const body: Pod = {
      apiVersion: pod.apiVersion,
      kind: pod.kind,
      metadata: pod.metadata,
      spec: pod.spec,
      status: status!,
    }
    const request = requestFor('update', Pods, namespace, name, { subresource: 'status', body })
    this.#services.api.request(request, (result: ApiResult<Pod>) => this.#answered(worker, result))
  }

  #answered(worker: PodWorker, result: ApiResult<Pod>): void {
    if (!this.#services.scope.isAlive || worker.state === 'gone') return
    worker.isStatusSending = false
    if (result.ok) {
      adopt(worker, result.object)
      if (worker.isStatusStale) this.#send(worker)
      else this.deleteIfDone(worker)
      return
    }
    if (result.code === 404) return
    worker.isStatusStale = true
    // After a conflict the newer pod is on its way; it calls `podChanged`.
    if (result.code === 409) return
    const { scope, labels } = this.#services
    scope.schedule(KUBELET.syncRetryMs, labels.status, w => this.podChanged(w), worker, worker.subject)
  }

  /** Once the last status is known and nothing of the pod is left here, its object may go. */
  deleteIfDone(worker: PodWorker): void {
    const { pod } = worker
    if (worker.isDeleted || worker.isStatusSending || worker.isStatusStale) return
    if (!isTerminal(worker) || pod.metadata.deletionTimestamp === undefined) return
    if (!tellPod(worker, 'DELETE')) return
    const options: RequestOptions = { gracePeriodSeconds: 0, preconditions: { uid: worker.uid } }
    const request = requestFor('delete', Pods, pod.metadata.namespace ?? '', pod.metadata.name, { options })
    this.#services.api.request(request, (result: ApiResult) => {
      if (!this.#services.scope.isAlive || result.ok || result.code === 404 || result.code === 409) return
      tellPod(worker, 'DELETE_FAILED')
      const { scope, labels } = this.#services
      scope.schedule(KUBELET.syncRetryMs, labels.status, w => this.deleteIfDone(w), worker, worker.subject)
    })
  }
}

/** Takes `pod` over if it is newer than what the worker knows; true when it was. */
export function adopt(worker: PodWorker, pod: Pod): boolean {
  if (Number(pod.metadata.resourceVersion) < Number(worker.pod.metadata.resourceVersion)) return false
  worker.pod = pod
  return true
}

/** Whether two statuses say the same of what others act upon. */
function agrees(stored: PodStatus, ours: PodStatus): boolean {
  return stored.phase === ours.phase && readiness(stored) === readiness(ours)
}

function readiness({ conditions }: PodStatus): string | undefined {
  for (const { type, status } of conditions ?? []) if (type === 'Ready') return status
  return undefined
}

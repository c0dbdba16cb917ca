/** Gets a pod to where containers can start: its volumes' objects, the network, a sandbox with an address. */
import { KUBELET } from '../../api/index.ts'
import { podEvent, type Services } from '../services.ts'
import { type ObjectFetcher, type Reference, referencesOf } from './object-fetcher.ts'
import { type PodWorker, tell, tellPod } from './pod-worker.ts'

/** First and longest wait between attempts to mount (`goroutinemap/exponentialbackoff`). */
const MOUNT_RETRY_MS = 500
const MOUNT_RETRY_MAX_MS = 122_000

export class SandboxMaker {
  readonly #services: Services
  readonly #objects: ObjectFetcher

  constructor(services: Services, objects: ObjectFetcher) {
    this.#services = services
    this.#objects = objects
  }

  /** From `preparing`. Calls `sync` when there is a sandbox. */
  prepare(worker: PodWorker, attempt = 0): void {
    const { cni, scope } = this.#services
    const { pod } = worker
    if (!pod.spec.hostNetwork && cni.notReady !== undefined) {
      const message = `network is not ready: ${networkNotReady(cni.notReady)}`
      podEvent(this.#services, pod, 'Warning', 'NetworkNotReady', message)
      this.#retry(worker, KUBELET.networkRetryMs, 0)
      return
    }
    if (!pod.spec.volumes && !mayHaveReferences(worker)) {
      this.#create(worker)
      return
    }
    const references = referencesOf(pod)
    this.#objects.fetch(pod.metadata.namespace ?? '', references, () => {
      if (!scope.isAlive || worker.state !== 'preparing') return
      const missing = references.find(reference => this.#isMissing(worker, reference))
      if (!missing) {
        this.#create(worker)
        return
      }
      const message = `MountVolume.SetUp failed for volume "${missing.volume}" : ${missing.kind} "${missing.name}" not found`
      podEvent(this.#services, pod, 'Warning', 'FailedMount', message)
      this.#retry(worker, Math.min(MOUNT_RETRY_MS * 2 ** attempt, MOUNT_RETRY_MAX_MS), attempt + 1)
    })
  }

  #isMissing({ pod }: PodWorker, { kind, name, volume, isOptional }: Reference): boolean {
    if (volume === undefined || isOptional) return false
    const namespace = pod.metadata.namespace ?? ''
    return kind === 'configmap'
      ? this.#objects.configMap(namespace, name) === undefined
      : this.#objects.secret(namespace, name) === undefined
  }

  #create(worker: PodWorker): void {
    if (!tellPod(worker, 'PREPARED')) return
    const { cri, scope } = this.#services
    const { metadata, spec } = worker.pod
    const config = {
      podNamespace: metadata.namespace ?? '',
      podName: metadata.name,
      podUid: worker.uid,
      hostname: hostnameOf(worker, this.#services.node.name),
      attempt: worker.sandboxAttempts++,
      isHostNetwork: spec.hostNetwork ?? false,
      ...(spec.hostAliases && {
        hostAliases: spec.hostAliases.map(({ ip = '', hostnames = [] }) => ({ ip, names: hostnames })),
      }),
    }
    cri.runPodSandbox(config, result => {
      if (!scope.isAlive) return
      if (worker.state !== 'creatingSandbox') {
        // The pod was given up meanwhile: nobody else knows of this sandbox.
        if (result.ok) this.#discard(worker, result.value.id)
        return
      }
      if (result.ok) {
        worker.sandbox = result.value
        worker.ips = result.value.network.ips
        tellPod(worker, 'SANDBOX_READY')
        this.#services.proceed(worker)
        return
      }
      const message = `Failed to create pod sandbox: ${result.message}`
      podEvent(this.#services, worker.pod, 'Warning', 'FailedCreatePodSandBox', message)
      const stretch = 1 + KUBELET.syncRetryJitter * this.#services.random.float()
      this.#retry(worker, Math.round(KUBELET.syncRetryMs * stretch), 0)
    })
  }

  #discard(worker: PodWorker, id: string): void {
    const { cri, scope } = this.#services
    cri.stopPodSandbox(id, () => {
      if (!scope.isAlive) return
      if (worker.state === 'gone') cri.removePodSandbox(id)
      else this.#services.sync(worker)
    })
  }

  #retry(worker: PodWorker, delayMs: number, attempt: number): void {
    tellPod(worker, 'SANDBOX_FAILED')
    const { scope, labels } = this.#services
    worker.timer = scope.schedule(
      delayMs,
      labels.retry,
      () => {
        if (tellPod(worker, 'RETRY')) this.prepare(worker, attempt)
      },
      undefined,
      worker.subject,
    )
  }

  /** What was in a sandbox that is gone starts again in a new one. */
  replace(worker: PodWorker): void {
    const message = 'Pod sandbox changed, it will be killed and re-created.'
    podEvent(this.#services, worker.pod, 'Normal', 'SandboxChanged', message)
    worker.sandbox = undefined
    for (const slot of worker.slots) {
      this.#services.scope.sim.cancel(slot.timer)
      if (slot.kind === 'init' || slot.state !== 'finished') tell(slot, 'RESET')
    }
    tellPod(worker, 'SANDBOX_LOST')
    this.prepare(worker)
  }
}

/** Why the node's Ready condition is False, and why pods wait. */
export function networkNotReady(why: string): string {
  return `container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: ${why}`
}

function mayHaveReferences({ slots }: PodWorker): boolean {
  for (const { spec } of slots) if (spec.env || spec.envFrom) return true
  return false
}

/** At most 63 characters, as the kernel allows. */
export function hostnameOf({ pod }: PodWorker, nodeName: string): string {
  if (pod.spec.hostNetwork) return nodeName
  const name = pod.spec.hostname || pod.metadata.name
  return name.length > 63 ? name.slice(0, 63).replace(/[-.]+$/, '') : name
}

/**
 * The kubelet: makes the pods that are bound to its node true, and says so. Mirrors `pkg/kubelet`; static pods,
 * evictions, volumes with a life of their own and ephemeral containers are absent.
 */
import type { ContainerStatus } from 'kubernetes-types/core/v1.js'
import { KUBELET, type Pod, Pods } from '../api/index.ts'
import { type ApiPort, EventRecorder, Informers, registryKey } from '../client/index.ts'
import { hash32, hashName, type Scope } from '../sim/index.ts'
import type { Cni } from './cni.ts'
import { type Credentials, NO_CREDENTIALS } from './credentials.ts'
import type { Cri } from './cri.ts'
import { LeaseRenewer } from './node/lease-renewer.ts'
import { NodeAgent } from './node/node-agent.ts'
import { type NodeConfig, nodeResources } from './node-config.ts'
import { Pleg } from './pleg.ts'
import { ContainerStarter } from './pods/container-starter.ts'
import { ImageManager } from './pods/image-manager.ts'
import { ObjectFetcher } from './pods/object-fetcher.ts'
import { PodStopper } from './pods/pod-stopper.ts'
import { PodSync } from './pods/pod-sync.ts'
import {
  isTerminating,
  newWorker,
  type PodWorker,
  type Slot,
  takeInEphemeral,
  tellPod,
} from './pods/pod-worker.ts'
import { podRequests, type Requests, type Room, refuse, refuseResize } from './pods/resources.ts'
import { SandboxMaker } from './pods/sandbox-maker.ts'
import { type ServiceVariables, serviceVariables } from './pods/service-environment.ts'
import { allocatedSpec, type ResizeRefusal, SpecChanges } from './pods/spec-changes.ts'
import { VolumeRefresher } from './pods/volume-refresher.ts'
import { Prober } from './probes/prober.ts'
import { internLabels, podEvent, type Services } from './services.ts'
import { adopt, StatusManager } from './status-manager.ts'

export interface KubeletOptions {
  readonly node: NodeConfig
  /** As the user `system:node:<name>`. */
  readonly api: ApiPort
  /** Its own unless given; anything it watches is asked for here. */
  readonly informers?: Informers
  readonly cri: Cri
  /** For the node's readiness; the runtime is what calls ADD and DEL. */
  readonly cni: Cni
  /** Tokens and the authority's certificate for pods; none unless given: their files are empty. */
  readonly credentials?: Credentials
  /** Shared by the kubelets of a cluster where watches of Services are to be saved; an informer of its own unless given. */
  readonly services?: ServiceVariables
}

export class Kubelet {
  readonly #services: Services
  readonly #informers: Informers
  readonly #statuses: StatusManager
  readonly #stopper: PodStopper
  readonly #pods: PodSync
  readonly #prober: Prober
  readonly #nodeAgent: NodeAgent
  readonly #lease: LeaseRenewer
  readonly #workers = new Map<string, PodWorker>()
  /** By `namespace/name`. */
  readonly #current = new Map<string, PodWorker>()
  readonly #room: Room
  readonly #used = new Map<PodWorker, Requests>()
  #sum = { cpuMilli: 0, memoryBytes: 0, pods: 0 }
  #stopListening = () => {}

  constructor(scope: Scope, options: KubeletOptions) {
    const { node, api, cri, cni, credentials = NO_CREDENTIALS } = options
    this.#informers = options.informers ?? new Informers(scope, api)
    this.#room = nodeResources(node).room
    const services: Services = {
      scope,
      node,
      api,
      cri,
      cni,
      credentials,
      events: new EventRecorder(scope, api, { component: 'kubelet', host: node.name }),
      random: scope.sim.random(`kubelet/${node.name}`),
      host: { hostIP: node.internalIp, hostIPs: [{ ip: node.internalIp }] },
      labels: internLabels(scope),
      sync: worker => this.#pods.sync(worker),
      proceed: worker => this.#pods.proceed(worker),
    }
    this.#services = services
    this.#statuses = new StatusManager(services)
    this.#stopper = new PodStopper(services)
    this.#nodeAgent = new NodeAgent(services)
    this.#lease = new LeaseRenewer(services)
    const kill = (
      worker: PodWorker,
      slot: PodWorker['slots'][number],
      message: string,
      graceSeconds?: number,
    ) =>
      this.#stopper.kill(
        worker,
        slot,
        message,
        graceSeconds ?? worker.pod.spec.terminationGracePeriodSeconds ?? KUBELET.defaultGraceSeconds,
      )
    this.#prober = new Prober(services, {
      unhealthy: (worker, slot, type, probe) => {
        const what = `${slot.kind === 'sidecar' ? 'Init container' : 'Container'} ${slot.spec.name} failed ${type.toLowerCase()} probe`
        slot.isReplaced = slot.kind === 'sidecar' || worker.pod.spec.restartPolicy !== 'Never'
        const message = slot.isReplaced && slot.kind !== 'sidecar' ? `${what}, will be restarted` : what
        kill(worker, slot, message, probe.terminationGracePeriodSeconds)
      },
    })
    const objects = new ObjectFetcher(scope, api, credentials)
    const starter = new ContainerStarter(services, {
      images: new ImageManager(services, () => this.#nodeAgent.changed()),
      prober: this.#prober,
      objects,
      refresher: new VolumeRefresher(services, objects),
      variables: options.services ?? serviceVariables(this.#informers),
      room: this.#room,
      kill: (worker, slot, message) => kill(worker, slot, message),
    })
    this.#pods = new PodSync(services, {
      statuses: this.#statuses,
      stopper: this.#stopper,
      sandboxes: new SandboxMaker(services, objects),
      starter,
      changes: new SpecChanges(services, {
        reserve: (worker, requests) => this.#reserve(worker, requests),
        kill: (worker, slot, message) => kill(worker, slot, message),
        hasten: (worker, slot) => starter.hasten(worker, slot),
      }),
      forget: worker => this.#forget(worker),
      release: worker => this.#release(worker),
    })
  }

  start(): void {
    const { scope, node, cri, labels } = this.#services
    const phaseMs = hash32(scope.sim.seed, hashName(node.name)) % KUBELET.plegRelistMs
    const pleg = new Pleg(scope, labels.relist, phaseMs, worker => this.#pods.sync(worker))
    const stop = cri.listen(podUid => {
      if (!scope.isAlive) {
        this.#stopListening()
        return
      }
      const worker = this.#workers.get(podUid)
      if (worker) pleg.mark(worker)
    })
    this.#stopListening = stop
    const pods = this.#informers.of(Pods, { fieldSelector: `spec.nodeName=${node.name}` })
    pods.addHandler({
      added: (pod, key) => this.#added(pod, key),
      updated: (pod, old, key) => this.#updated(pod, old, key),
      deleted: (pod, key) => this.#deleted(pod, key),
    })
    this.#nodeAgent.start(owner => this.#lease.start(owner))
    this.#informers.start()
    pods.whenSynced(() => this.#killOrphans())
  }

  #added(pod: Pod, key: string): void {
    const { sim } = this.#services.scope
    const { phase } = pod.status
    const isOver = phase === 'Succeeded' || phase === 'Failed'
    const worker = newWorker(pod, {
      key,
      subject: sim.subject(registryKey(Pods, pod)),
      nowMs: sim.now,
      timestamp: sim.timestamp(),
    })
    takeInEphemeral(worker)
    this.#workers.set(worker.uid, worker)
    this.#current.set(key, worker)
    this.#pods.adopt(worker, slot => this.#prober.start(worker, slot, statusOf(pod, slot)))
    if (isOver && worker.state === 'admitted') {
      // It ended under an earlier kubelet, which left nothing of it.
      for (const event of ['TERMINATE', 'STOPPED', 'TORN_DOWN'] as const) tellPod(worker, event)
      worker.status = pod.status
      this.#statuses.deleteIfDone(worker)
      return
    }
    if (!isOver) this.#admit(worker)
    this.#pods.sync(worker)
  }

  #admit(worker: PodWorker): void {
    const requests = podRequests(allocatedSpec(worker))
    const isNew = worker.state === 'admitted' && worker.pod.metadata.deletionTimestamp === undefined
    const refusal = isNew ? refuse(requests, this.#sum, this.#room) : undefined
    if (refusal) {
      podEvent(this.#services, worker.pod, 'Warning', refusal.reason, refusal.message)
      worker.verdict = { reason: refusal.reason, message: `Pod was rejected: ${refusal.message}` }
      return
    }
    this.#take(worker, requests)
  }

  #take(worker: PodWorker, requests: Requests): void {
    this.#used.set(worker, requests)
    this.#sum.pods++
    this.#sum.cpuMilli += requests.cpuMilli
    this.#sum.memoryBytes += requests.memoryBytes
  }

  /** A pod that runs gets what it is resized to, if there is room. */
  #reserve(worker: PodWorker, requests: Requests): ResizeRefusal | undefined {
    const before = this.#used.get(worker)
    this.#release(worker)
    const refusal = refuseResize(requests, this.#sum, this.#room)
    this.#take(worker, refusal && before ? before : requests)
    return refusal
  }

  #release(worker: PodWorker): void {
    const requests = this.#used.get(worker)
    if (!requests) return
    this.#used.delete(worker)
    this.#sum.pods--
    this.#sum.cpuMilli -= requests.cpuMilli
    this.#sum.memoryBytes -= requests.memoryBytes
  }

  #updated(pod: Pod, old: Pod, key: string): void {
    if (pod.metadata.uid !== old.metadata.uid) {
      // Deleted and made again between two looks.
      this.#deleted(old, key)
      this.#added(pod, key)
      return
    }
    const worker = this.#workers.get(pod.metadata.uid)
    if (!worker || !adopt(worker, pod)) return
    takeInEphemeral(worker)
    const isDying = pod.metadata.deletionTimestamp !== undefined
    const wasDying = old.metadata.deletionTimestamp !== undefined
    if (isDying && wasDying && worker.state === 'terminating') {
      const before = old.metadata.deletionGracePeriodSeconds ?? 0
      if ((pod.metadata.deletionGracePeriodSeconds ?? 0) < before) this.#stopper.hurry(worker)
    }
    // Its own writes come back unchanged in all it acts upon; only readiness gates are others' to write.
    const isOwnEcho = pod.spec === old.spec && isDying === wasDying && !pod.spec.readinessGates
    if (!isOwnEcho) this.#pods.sync(worker)
    this.#statuses.podChanged(worker)
  }

  #deleted(pod: Pod, key: string): void {
    const worker = this.#workers.get(pod.metadata.uid)
    if (!worker) return
    if (this.#current.get(key) === worker) this.#current.delete(key)
    worker.isDeleted = true
    this.#pods.sync(worker)
  }

  #forget(worker: PodWorker): void {
    this.#workers.delete(worker.uid)
  }

  /** What the runtime still has of pods that no longer exist is stopped and removed. */
  #killOrphans(): void {
    const { cri, scope } = this.#services
    for (const podUid of cri.podUids()) {
      if (this.#workers.has(podUid)) continue
      for (const { id, state } of [...cri.sandboxes(podUid)]) {
        if (state === 'notReady') cri.removePodSandbox(id)
        else {
          cri.stopPodSandbox(id, () => {
            if (scope.isAlive) cri.removePodSandbox(id)
          })
        }
      }
    }
  }

  /** How many pods it knows, ended ones included. */
  get podCount(): number {
    return this.#workers.size
  }

  /** Whether the pod with that key runs here and is not being taken down. */
  isServing(key: string): boolean {
    const worker = this.#current.get(key)
    return worker !== undefined && !isTerminating(worker)
  }
}

/** What the API knows of the container in that slot. */
function statusOf({ status }: Pod, { spec, kind }: Slot): ContainerStatus | undefined {
  if (kind === 'ephemeral') return status.ephemeralContainerStatuses?.find(({ name }) => name === spec.name)
  const list = kind === 'regular' ? status.containerStatuses : status.initContainerStatuses
  return list?.find(({ name }) => name === spec.name)
}

/** Image, create, start, postStart: mirrors `startContainer` of kuberuntime, one container's way to running. */
import type { Container } from 'kubernetes-types/core/v1.js'
import { bytes, KUBELET, type Pod } from '../../api/index.ts'
import type { ContainerConfig, ContainerRecord, CriResult } from '../cri.ts'
import type { MountConfig } from '../files/mounts.ts'
import type { Prober } from '../probes/prober.ts'
import { podEvent, type Services } from '../services.ts'
import { backOffLeft, formatBackOff, nextBackOff } from './back-off.ts'
import { expand, makeEnvironment } from './environment.ts'
import { runHandler } from './handlers.ts'
import type { ImageManager } from './image-manager.ts'
import { type ObjectFetcher, referencesOf } from './object-fetcher.ts'
import { PodTokens } from './pod-tokens.ts'
import { type PodWorker, podFullName, type Slot, tell } from './pod-worker.ts'
import { hostnameOf } from './sandbox-maker.ts'
import type { ServiceVariables } from './service-environment.ts'
import { mountsOf, type VolumeInput } from './volume-mounts.ts'
import type { VolumeRefresher } from './volume-refresher.ts'

export interface StarterOptions {
  readonly images: ImageManager
  readonly prober: Prober
  readonly objects: ObjectFetcher
  readonly refresher: VolumeRefresher
  readonly variables: ServiceVariables
  readonly room: { readonly cpuMilli: number; readonly memoryBytes: number }
  /** Stops a container of a pod that lives on; the message goes into the Killing event. */
  readonly kill: (worker: PodWorker, slot: Slot, message: string) => void
}

export class ContainerStarter {
  readonly #services: Services
  readonly #options: StarterOptions

  constructor(services: Services, options: StarterOptions) {
    this.#services = services
    this.#options = options
  }

  /** From `waiting` or `exited`; does nothing but wait when the container is in its crash back-off. */
  restart(worker: PodWorker, slot: Slot): void {
    const { scope, labels } = this.#services
    const { now } = scope.sim
    const { crashBackOffMs, crashBackOffMaxMs } = KUBELET
    if (slot.isReplaced) {
      // The sync that killed it knows only of the deaths before.
      const deathMs = slot.previous?.finishedMs
      if (deathMs === undefined || backOffLeft(slot.crashBackOff, deathMs, now, crashBackOffMaxMs) === 0) {
        if (deathMs !== undefined) {
          slot.crashBackOff = nextBackOff(slot.crashBackOff, deathMs, now, crashBackOffMs, crashBackOffMaxMs)
        }
        this.start(worker, slot)
        return
      }
      slot.isReplaced = false
    }
    const finishedMs = slot.record!.finishedMs
    const leftMs = backOffLeft(slot.crashBackOff, finishedMs, now, crashBackOffMaxMs)
    if (leftMs === 0) {
      slot.crashBackOff = nextBackOff(slot.crashBackOff, finishedMs, now, crashBackOffMs, crashBackOffMaxMs)
      this.start(worker, slot)
      return
    }
    const { name } = slot.spec
    const pod = podFullName(worker.pod)
    tell(slot, 'BACK_OFF')
    slot.waitingReason = 'CrashLoopBackOff'
    slot.waitingMessage = `back-off ${formatBackOff(slot.crashBackOff!.delayMs)} restarting failed container=${name} pod=${pod}`
    this.#event(
      worker,
      slot,
      'Warning',
      'BackOff',
      `Back-off restarting failed container ${name} in pod ${pod}`,
    )
    slot.timer = scope.schedule(
      leftMs,
      labels.backOff,
      () => this.#afterBackOff(worker, slot),
      undefined,
      worker.subject,
    )
  }

  #afterBackOff(worker: PodWorker, slot: Slot): void {
    if (slot.state !== 'crashBackOff') return
    const { scope } = this.#services
    const { crashBackOffMs, crashBackOffMaxMs } = KUBELET
    const { finishedMs } = slot.record!
    slot.crashBackOff = nextBackOff(
      slot.crashBackOff,
      finishedMs,
      scope.sim.now,
      crashBackOffMs,
      crashBackOffMaxMs,
    )
    tell(slot, 'RETRY')
    this.#pull(worker, slot)
  }

  /** Ends whatever back-off it is in. */
  hasten(worker: PodWorker, slot: Slot): void {
    if (!tell(slot, 'RETRY')) return
    this.#services.scope.sim.cancel(slot.timer)
    this.#pull(worker, slot)
  }

  start(worker: PodWorker, slot: Slot): void {
    if (tell(slot, 'START')) this.#pull(worker, slot)
  }

  #pull(worker: PodWorker, slot: Slot): void {
    const sandbox = worker.sandbox
    this.#options.images.ensure(worker, slot, result => {
      if (!this.#isWanted(worker, slot, 'pulling', sandbox)) return
      if (result.ok) {
        tell(slot, 'PULLED')
        this.#create(worker, slot)
        return
      }
      tell(slot, 'PULL_FAILED')
      slot.isReplaced = false
      slot.waitingReason = result.reason
      slot.waitingMessage = result.message
      this.#event(worker, slot, 'Warning', 'Failed', `Error: ${result.reason}`)
      this.#retry(worker, slot, result.retryMs)
      this.#services.sync(worker)
    })
  }

  #create(worker: PodWorker, slot: Slot): void {
    const { cri, scope } = this.#services
    const config = this.#config(worker, slot)
    if (!config.ok) {
      this.#failConfig(worker, slot, config.message)
      return
    }
    const sandbox = worker.sandbox!
    cri.createContainer(sandbox.id, config.value, result => {
      if (!scope.isAlive || !this.#isWanted(worker, slot, 'creating', sandbox)) return
      if (result.ok) this.#run(worker, slot, result.value)
      else this.#failConfig(worker, slot, result.message, 'CreateContainerError')
    })
  }

  #run(worker: PodWorker, slot: Slot, record: ContainerRecord): void {
    const { cri } = this.#services
    const { name, lifecycle } = slot.spec
    if (slot.previous) cri.removeContainer(slot.previous.id)
    slot.previous = slot.record
    slot.record = record
    slot.isReplaced = false
    this.#event(worker, slot, 'Normal', 'Created', `Created container: ${name}`)
    const started = cri.startContainer(record.id)
    if (!started.ok) {
      this.#event(worker, slot, 'Warning', 'Failed', `Error: ${started.message}`)
      // The next relist sees it dead, and starts it again if it is to.
      tell(slot, 'START_FAILED')
      slot.waitingMessage = started.message
      return
    }
    this.#event(worker, slot, 'Normal', 'Started', `Started container ${name}`)
    if (lifecycle?.postStart) this.#postStart(worker, slot, record)
    else this.#running(worker, slot, 'STARTED')
  }

  #postStart(worker: PodWorker, slot: Slot, record: ContainerRecord): void {
    tell(slot, 'HOOK_STARTED')
    const timeoutMs = 2 ** 31
    runHandler(this.#services, worker, slot, slot.spec.lifecycle!.postStart!, timeoutMs, ({ isSuccess }) => {
      if (!this.#services.scope.isAlive || slot.record !== record || slot.state !== 'postStart') return
      if (isSuccess) {
        this.#running(worker, slot, 'HOOK_DONE')
        return
      }
      this.#event(worker, slot, 'Warning', 'FailedPostStartHook', 'PostStartHook failed')
      this.#options.kill(worker, slot, 'FailedPostStartHook')
    })
  }

  #running(worker: PodWorker, slot: Slot, event: 'STARTED' | 'HOOK_DONE'): void {
    tell(slot, event)
    this.#options.prober.start(worker, slot)
    // The next container of the pod starts without waiting for a relist; what is told of this one does wait.
    if (worker.slots.length > 1) this.#services.proceed(worker)
  }

  #isWanted(worker: PodWorker, slot: Slot, state: Slot['state'], sandbox: PodWorker['sandbox']): boolean {
    return (
      this.#services.scope.isAlive &&
      slot.state === state &&
      worker.sandbox === sandbox &&
      worker.state === 'active'
    )
  }

  #failConfig(worker: PodWorker, slot: Slot, message: string, reason = 'CreateContainerConfigError'): void {
    tell(slot, 'CONFIG_FAILED')
    slot.isReplaced = false
    slot.waitingReason = reason
    slot.waitingMessage = message
    this.#event(worker, slot, 'Warning', 'Failed', `Error: ${message}`)
    const stretch = 1 + KUBELET.syncRetryJitter * this.#services.random.float()
    this.#retry(worker, slot, Math.round(KUBELET.syncRetryMs * stretch))
    this.#services.sync(worker)
  }

  #retry(worker: PodWorker, slot: Slot, delayMs: number): void {
    const { scope, labels } = this.#services
    const again = () => {
      const namespace = worker.pod.metadata.namespace ?? ''
      this.#options.objects.fetch(namespace, referencesOf(worker.pod), () => {
        if (tell(slot, 'RETRY')) this.#pull(worker, slot)
      })
    }
    slot.timer = scope.schedule(delayMs, labels.retry, again, undefined, worker.subject)
  }

  #config(worker: PodWorker, slot: Slot): CriResult<ContainerConfig> {
    const { pod } = worker
    const { spec } = slot
    const { objects, variables, room } = this.#options
    const hostname = hostnameOf(worker, this.#services.node.name)
    const facts = {
      pod,
      lookup: objects,
      hostname,
      hostIp: this.#services.host.hostIP,
      podIps: worker.ips,
      node: room,
    }
    const environment = makeEnvironment({
      container: spec,
      ...facts,
      services: variables.of(pod.metadata.namespace ?? '', pod.spec.enableServiceLinks === false),
    })
    if (!environment.ok) return environment
    const expanded = (words: readonly string[] | undefined) =>
      words?.map(word => expand(word, environment.value))
    return {
      ok: true,
      value: {
        name: spec.name,
        image: spec.image ?? '',
        command: expanded(spec.command),
        args: expanded(spec.args),
        environment: environment.value,
        mounts: this.#mounts(worker, slot, facts, environment.value),
        containerPorts: spec.ports?.map(({ containerPort }) => containerPort) ?? [],
        restartCount: slot.record ? slot.record.config.restartCount + 1 : 0,
        terminationMessagePath: spec.terminationMessagePath ?? '/dev/termination-log',
        usesLogAsMessage: spec.terminationMessagePolicy === 'FallbackToLogsOnError',
        resources: spec.resources,
        memoryBytes: spec.resources?.limits?.memory ? bytes(spec.resources.limits.memory) : room.memoryBytes,
        ...rareSettings(pod, spec),
      },
    }
  }

  #mounts(
    worker: PodWorker,
    { spec }: Slot,
    facts: VolumeInput['facts'],
    environment: Readonly<Record<string, string>>,
  ): MountConfig[] | undefined {
    if (!spec.volumeMounts) return undefined
    const { credentials, scope } = this.#services
    worker.volumes ??= new Map()
    worker.tokens ??= new PodTokens(worker, credentials, scope.sim)
    const input: VolumeInput = { owner: worker, lookup: facts.lookup, facts, tokens: worker.tokens }
    const mounts = mountsOf(input, spec, environment, worker.volumes)
    this.#options.refresher.add(worker)
    return mounts
  }

  #event(worker: PodWorker, slot: Slot, type: 'Normal' | 'Warning', reason: string, message: string): void {
    podEvent(this.#services, worker.pod, type, reason, message, slot.fieldPath)
  }
}

/** What most containers leave unsaid: user, working directory, terminal. */
function rareSettings(pod: Pod, spec: Container): Partial<ContainerConfig> {
  const { securityContext, workingDir, stdin, stdinOnce, tty } = spec
  const uid = securityContext?.runAsUser ?? pod.spec.securityContext?.runAsUser
  const gid = securityContext?.runAsGroup ?? pod.spec.securityContext?.runAsGroup ?? 0
  return {
    ...(workingDir && { workingDirectory: workingDir }),
    ...(stdin && { hasStdin: true }),
    ...(stdinOnce && { isStdinOnce: true }),
    ...(tty && { isTty: true }),
    ...(securityContext?.readOnlyRootFilesystem && { isReadOnly: true }),
    ...(uid !== undefined && { user: { uid, gid } }),
  }
}

/**
 * A simulated containerd: sandboxes with their network namespace, containers that run programs, images on disk.
 * It lives as long as its node is up, whatever the kubelet does; what is on {@link NodeDisk} outlives the node's
 * crashes. Simplified: creating and starting a container is one delay, shims never die, no resource is enforced.
 */
import type { ResourceRequirements } from 'kubernetes-types/core/v1.js'
import {
  assert,
  hash32,
  hashName,
  type Label,
  type RandomStream,
  type Scope,
  type Timer,
} from '../../sim/index.ts'
import type { Cni, CniSandbox } from '../cni.ts'
import { type ContainerNetwork, NetworkNamespace, NO_NETWORK } from '../container-network.ts'
import type {
  ContainerConfig,
  ContainerRecord,
  Cri,
  CriResult,
  ExecResult,
  ImageRecord,
  RuntimeListener,
  Sandbox,
  SandboxConfig,
} from '../cri.ts'
import type { ImageCatalogue } from '../images/index.ts'
import { resolveProgram } from './command.ts'
import { execFailure, type RunningUsage, terminationMessage } from './container-facts.ts'
import { type ExecListener, type ExecOptions, type ExecSession, startExec } from './exec-session.ts'
import { ImageStore } from './image-store.ts'
import { LogBuffer } from './log-buffer.ts'
import type { ContainerEntry, NodeDisk, SandboxEntry } from './node-disk.ts'
import { RunningProcess } from './running-process.ts'

export interface ContainerdOptions {
  readonly nodeName: string
  /** The node's own addresses. */
  readonly nodeIps: readonly string[]
  readonly disk: NodeDisk
  readonly images: ImageCatalogue
  readonly cni: Cni
  readonly network?: ContainerNetwork
  /** Megabits a second from registries; 1,000 unless given. */
  readonly bandwidthMbps?: number
  /** Making a pause container, without CNI; 120 ms unless given. */
  readonly sandboxMs?: number
  /** Creating and starting a container; 80 ms unless given. */
  readonly containerMs?: number
  readonly registryMs?: number
}

/** Exit code and reason of what ran when the node died. */
const LOST_EXIT_CODE = 255

export class Containerd implements Cri {
  readonly version = 'containerd://1.7.27'
  readonly hostNetwork: NetworkNamespace
  readonly bootId: string
  readonly #scope: Scope
  readonly #options: ContainerdOptions
  readonly #disk: NodeDisk
  readonly #images: ImageStore
  readonly #outside: ContainerNetwork
  readonly #random: RandomStream
  readonly #listeners: RuntimeListener[] = []
  readonly #labels: {
    readonly [K in 'sandbox' | 'create' | 'update' | 'run' | 'kill' | 'stop' | 'exec']: Label
  }

  constructor(scope: Scope, options: ContainerdOptions) {
    this.#scope = scope
    this.#options = options
    this.#disk = options.disk
    this.#outside = options.network ?? NO_NETWORK
    this.hostNetwork = new NetworkNamespace(options.nodeName, options.nodeIps)
    this.#random = scope.sim.random(`containerd/${options.nodeName}`)
    this.#images = new ImageStore(scope, {
      disk: options.disk,
      images: options.images,
      bandwidthBytesPerMs: (options.bandwidthMbps ?? 1_000) * 125,
      registryMs: options.registryMs ?? 400,
    })
    const { sim } = scope
    this.#labels = {
      sandbox: sim.label('containerd/run-sandbox'),
      create: sim.label('containerd/create-container'),
      update: sim.label('containerd/update-container'),
      run: sim.label('container/run'),
      kill: sim.label('containerd/kill'),
      stop: sim.label('containerd/stop-sandbox'),
      exec: sim.label('containerd/exec'),
    }
    this.#disk.boots++
    this.bootId = bootIdOf(sim.seed, options.nodeName, this.#disk.boots)
    this.#recover()
  }

  /** After a crash of the node nothing runs any more: what did has ended without a word. */
  #recover(): void {
    for (const sandbox of this.#disk.sandboxes.values()) {
      sandbox.state = 'notReady'
      for (const container of sandbox.containers) {
        container.process = undefined
        if (container.state !== 'exited') container.log.end(this.#scope.sim.now)
        container.exitReplies = undefined
        container.killTimer = undefined
        if (container.state === 'exited') continue
        container.state = 'exited'
        container.finishedMs = this.#scope.sim.now
        container.exitCode = LOST_EXIT_CODE
        container.reason = 'Unknown'
      }
    }
  }

  listen(listener: RuntimeListener): () => void {
    this.#listeners.push(listener)
    return () => {
      const i = this.#listeners.indexOf(listener)
      if (i >= 0) this.#listeners.splice(i, 1)
    }
  }

  image(image: string): ImageRecord | undefined {
    return this.#images.find(image)?.record
  }

  images(): readonly ImageRecord[] {
    return [...this.#disk.images.values()].map(({ record }) => record)
  }

  pullImage(image: string, reply: (result: CriResult<ImageRecord>) => void): void {
    this.#images.pull(image, reply)
  }

  sandboxes(podUid: string): readonly Sandbox[] {
    return this.#disk.podSandboxes.get(podUid) ?? []
  }

  containers(podUid: string): readonly ContainerRecord[] {
    const sandboxes = this.#disk.podSandboxes.get(podUid)
    if (!sandboxes) return []
    return sandboxes.length === 1
      ? sandboxes[0]!.containers
      : sandboxes.flatMap(({ containers }) => containers)
  }

  /** Every running container with what its image says it uses. */
  usage(): RunningUsage[] {
    const found: RunningUsage[] = []
    for (const { config, containers, state } of this.#disk.sandboxes.values()) {
      if (state !== 'ready') continue
      for (const { id, image, config: own, state: how, startedMs } of containers) {
        if (how !== 'running') continue
        const { podNamespace: namespace, podName: pod } = config
        found.push({ id, namespace, pod, container: own.name, startedMs, usage: image.idleUsage })
      }
    }
    return found
  }

  podUids(): readonly string[] {
    return [...this.#disk.podSandboxes.keys()]
  }

  runPodSandbox(config: SandboxConfig, reply: (result: CriResult<Sandbox>) => void): void {
    const id = this.#newId()
    const network = config.isHostNetwork ? this.hostNetwork : new NetworkNamespace(id)
    const sandbox: SandboxEntry = {
      id,
      config,
      createdMs: this.#scope.sim.now,
      network,
      state: 'notReady',
      containers: NO_CONTAINERS,
    }
    this.#scope.schedule(
      this.#options.sandboxMs ?? 120,
      this.#labels.sandbox,
      () => this.#wire(sandbox, reply),
      undefined,
    )
  }

  #wire(sandbox: SandboxEntry, reply: (result: CriResult<Sandbox>) => void): void {
    if (sandbox.config.isHostNetwork) {
      reply({ ok: true, value: this.#keep(sandbox) })
      return
    }
    this.#options.cni.add(cniSandbox(sandbox), result => {
      if (!this.#scope.isAlive) return
      if (result.ok) {
        sandbox.network.assignIps(result.ips)
        reply({ ok: true, value: this.#keep(sandbox) })
        return
      }
      const message = `rpc error: code = Unknown desc = failed to setup network for sandbox "${sandbox.id}": ${result.message}`
      reply({ ok: false, message })
    })
  }

  #keep(sandbox: SandboxEntry): Sandbox {
    const { podUid } = sandbox.config
    sandbox.state = 'ready'
    this.#disk.sandboxes.set(sandbox.id, sandbox)
    const siblings = this.#disk.podSandboxes.get(podUid)
    if (siblings) siblings.push(sandbox)
    else this.#disk.podSandboxes.set(podUid, [sandbox])
    this.#changed(podUid)
    return sandbox
  }

  stopPodSandbox(id: string, reply: () => void): void {
    this.#scope.schedule(
      20,
      this.#labels.stop,
      () => {
        const sandbox = this.#disk.sandboxes.get(id)
        if (sandbox && sandbox.state === 'ready') {
          for (const container of sandbox.containers) this.#kill(container)
          if (!sandbox.config.isHostNetwork) this.#options.cni.delete(cniSandbox(sandbox))
          sandbox.state = 'notReady'
          this.#changed(sandbox.config.podUid)
        }
        reply()
      },
      undefined,
    )
  }

  removePodSandbox(id: string): void {
    const sandbox = this.#disk.sandboxes.get(id)
    if (!sandbox) return
    assert(sandbox.state === 'notReady', 'a sandbox is stopped before it is removed')
    for (const container of sandbox.containers) this.#disk.containers.delete(container.id)
    this.#disk.sandboxes.delete(id)
    const { podUid } = sandbox.config
    const rest = this.#disk.podSandboxes.get(podUid)!.filter(other => other !== sandbox)
    if (rest.length > 0) this.#disk.podSandboxes.set(podUid, rest)
    else {
      this.#disk.podSandboxes.delete(podUid)
      this.#disk.volumes.forget(podUid)
    }
  }

  createContainer(
    sandboxId: string,
    config: ContainerConfig,
    reply: (result: CriResult<ContainerRecord>) => void,
  ): void {
    this.#scope.schedule(
      this.#options.containerMs ?? 80,
      this.#labels.create,
      () => reply(this.#create(sandboxId, config)),
      undefined,
    )
  }

  #create(sandboxId: string, config: ContainerConfig): CriResult<ContainerRecord> {
    const sandbox = this.#disk.sandboxes.get(sandboxId)
    if (sandbox?.state !== 'ready') {
      return { ok: false, message: `failed to find sandbox id "${sandboxId}": not found` }
    }
    const image = this.#images.find(config.image)
    if (!image)
      return { ok: false, message: `failed to get image from containerd "${config.image}": not found` }
    const container: ContainerEntry = {
      id: this.#newId(),
      sandboxId,
      config,
      image: image.image,
      imageId: image.record.imageId,
      imageReference: image.record.reference,
      createdMs: this.#scope.sim.now,
      state: 'created',
      startedMs: 0,
      finishedMs: 0,
      exitCode: 0,
      reason: '',
      message: '',
      log: new LogBuffer(),
      resources: config.resources,
      process: undefined,
      exitReplies: undefined,
      killTimer: undefined,
    }
    sandbox.containers = sandbox.containers.concat(container)
    this.#disk.containers.set(container.id, container)
    return { ok: true, value: container }
  }

  startContainer(id: string): CriResult<ContainerRecord> {
    const container = this.#disk.containers.get(id)
    if (container?.state !== 'created')
      return { ok: false, message: `container "${id}" is not in created state` }
    const sandbox = this.#disk.sandboxes.get(container.sandboxId)!
    const { command, args } = container.config
    const started = resolveProgram(container.image, command, args)
    if (!started.ok) {
      // It never started: its status keeps the time's zero value, 1970.
      container.message = started.message
      this.#exit(container, 128, 'StartError')
      return started
    }
    container.startedMs = this.#scope.sim.now
    container.state = 'running'
    const running = new RunningProcess(this.#scope.child('container'), started.argv, {
      sandbox,
      container,
      outside: this.#outside,
      volumes: this.#disk.volumes,
      memoryBytes: container.config.memoryBytes ?? 0,
    })
    container.process = running
    running.start(this.#labels.run, started.program, exitCode => this.#exit(container, exitCode))
    this.#changed(sandbox.config.podUid)
    return { ok: true, value: container }
  }

  stopContainer(id: string, graceMs: number, reply: () => void): void {
    const container = this.#disk.containers.get(id)
    if (container?.state !== 'running') {
      reply()
      return
    }
    container.exitReplies ??= []
    container.exitReplies.push(reply)
    this.#scope.sim.cancel(container.killTimer)
    container.killTimer = this.#scope.schedule(graceMs, this.#labels.kill, c => this.#kill(c), container)
    container.process!.terminate()
  }

  /** SIGKILL; also what happens to a container that exceeds its memory. */
  kill(id: string, reason: 'Error' | 'OOMKilled' = 'Error'): void {
    const container = this.#disk.containers.get(id)
    if (container) this.#kill(container, reason)
  }

  #kill(container: ContainerEntry, reason = 'Error'): void {
    if (container.state === 'running') this.#exit(container, 137, reason)
  }

  #exit(container: ContainerEntry, exitCode: number, reason = exitCode === 0 ? 'Completed' : 'Error'): void {
    container.message ||= terminationMessage(container, exitCode)
    this.#scope.sim.cancel(container.killTimer)
    container.killTimer = undefined
    const { process } = container
    container.process = undefined
    container.state = 'exited'
    container.finishedMs = this.#scope.sim.now
    container.exitCode = exitCode
    container.reason = reason
    process?.end(exitCode)
    container.log.end(container.finishedMs)
    const replies = container.exitReplies
    container.exitReplies = undefined
    for (const reply of replies ?? []) reply()
    this.#changed(this.#disk.sandboxes.get(container.sandboxId)!.config.podUid)
  }

  removeContainer(id: string): void {
    const container = this.#disk.containers.get(id)
    if (!container) return
    assert(container.state !== 'running', 'a container is stopped before it is removed')
    this.#disk.containers.delete(id)
    const sandbox = this.#disk.sandboxes.get(container.sandboxId)!
    sandbox.containers = sandbox.containers.filter(other => other !== container)
  }

  updateContainerResources(id: string, resources: ResourceRequirements): void {
    const update = () => {
      const container = this.#disk.containers.get(id)
      if (container?.state !== 'running') return
      container.resources = resources
      this.#changed(this.#disk.sandboxes.get(container.sandboxId)!.config.podUid)
    }
    this.#scope.schedule(10, this.#labels.update, update, undefined)
  }

  exec(
    id: string,
    command: readonly string[],
    timeoutMs: number,
    reply: (result: CriResult<ExecResult>) => void,
  ): void {
    const container = this.#disk.containers.get(id)
    if (!container?.process) {
      reply({ ok: false, message: `container "${id}" is not running` })
      return
    }
    const started = resolveProgram(container.image, command, undefined)
    if (!started.ok) {
      reply({ ok: false, message: started.message })
      return
    }
    let output = ''
    const print = (text: string) => {
      output += text
    }
    let timer: Timer | undefined
    const settle = (exitCode: number, isTimedOut: boolean) => {
      this.#scope.sim.cancel(timer)
      reply({ ok: true, value: { exitCode, output: output.replace(/\n$/, ''), isTimedOut } })
    }
    let isOver = false
    const session = startExec(container.process, this.#labels.exec, started, NO_STREAMS, {
      stdout: print,
      stderr: print,
      exited: exitCode => {
        isOver = true
        settle(exitCode, false)
      },
    })
    if (isOver) return
    const expire = () => {
      session.close()
      settle(0, true)
    }
    timer = container.process.scope.schedule(timeoutMs, this.#labels.exec, expire, undefined)
  }

  stream(
    id: string,
    command: readonly string[],
    options: ExecOptions,
    listener: ExecListener,
  ): CriResult<ExecSession> {
    const container = this.#disk.containers.get(id)
    if (!container?.process) return { ok: false, message: `container "${id}" is not running` }
    const started = resolveProgram(container.image, command, undefined)
    if (!started.ok) return { ok: false, message: execFailure(this.#newId(), started.message) }
    let detach = () => {}
    let isOver = false
    const exited = (exitCode: number) => {
      if (isOver) return
      isOver = true
      detach()
      listener.exited(exitCode)
    }
    // A container that ends takes its commands with it.
    detach = container.process.attach({ stdout() {}, stderr() {}, exited: () => exited(137) })
    const heard: ExecListener = {
      stdout: text => listener.stdout(text),
      stderr: text => listener.stderr(text),
      exited,
    }
    return { ok: true, value: startExec(container.process, this.#labels.exec, started, options, heard) }
  }

  attach(id: string, listener: ExecListener): CriResult<ExecSession> {
    const main = this.#disk.containers.get(id)?.process
    if (!main) return { ok: false, message: `container "${id}" is not running` }
    const detach = main.attach(listener)
    return {
      ok: true,
      value: {
        stdin: text => main.type(text),
        closeStdin: () => main.endInput(),
        resize: (columns, rows) => main.terminal?.resize(columns, rows),
        unread: () => main.unread,
        close: detach,
      },
    }
  }

  #changed(podUid: string): void {
    for (const listener of this.#listeners) listener(podUid)
  }

  #newId(): string {
    for (let i = 0; i < ID_DIGITS.length; ) {
      const bits = this.#random.bits()
      for (let shift = 28; shift >= 0; shift -= 4)
        ID_DIGITS[i++] = HEX_DIGITS.charCodeAt((bits >>> shift) & 15)
    }
    return String.fromCharCode(...ID_DIGITS)
  }
}

const NO_CONTAINERS: readonly never[] = Object.freeze([])
const NO_STREAMS: ExecOptions = Object.freeze({ hasStdin: false, isTty: false })

const HEX_DIGITS = '0123456789abcdef'
/** The character codes of the id in the making: one list for all, so that an id is made in one piece. */
const ID_DIGITS: number[] = new Array<number>(64).fill(0)

function cniSandbox({ id, config, network }: SandboxEntry): CniSandbox {
  const { podNamespace, podName, podUid } = config
  return { id, podNamespace, podName, podUid, network }
}

/** A UUID that is the same for one boot of one node in one world. */
function bootIdOf(seed: number, nodeName: string, boots: number): string {
  let hex = ''
  for (let i = 0; i < 4; i++) hex += hash32(seed, hashName(nodeName), boots, i).toString(16).padStart(8, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

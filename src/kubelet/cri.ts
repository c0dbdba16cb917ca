/**
 * The Container Runtime Interface: what the kubelet asks of containerd. Its state outlives the kubelet. Records
 * are the runtime's own, read in place over the local socket; nobody but the runtime changes them.
 */
import type { ResourceRequirements } from 'kubernetes-types/core/v1.js'
import type { NetworkNamespace } from './container-network.ts'
import type { MountConfig } from './files/mounts.ts'
import type { ContainerUser } from './program.ts'
import type { ExecListener, ExecOptions, ExecSession } from './runtime/exec-session.ts'
import type { LogBuffer } from './runtime/log-buffer.ts'

export interface SandboxConfig {
  readonly podNamespace: string
  readonly podName: string
  readonly podUid: string
  readonly hostname: string
  /** Counts the sandboxes a pod has had, from 0. */
  readonly attempt: number
  readonly isHostNetwork: boolean
  readonly hostAliases?: readonly { readonly ip: string; readonly names: readonly string[] }[]
}

export interface Sandbox {
  readonly id: string
  readonly config: SandboxConfig
  readonly createdMs: number
  readonly network: NetworkNamespace
  readonly state: 'ready' | 'notReady'
}

export interface ContainerConfig {
  readonly name: string
  /** As the pod spec has it. */
  readonly image: string
  readonly command: readonly string[] | undefined
  readonly args: readonly string[] | undefined
  readonly environment: Readonly<Record<string, string>>
  readonly mounts: readonly MountConfig[] | undefined
  /** Nothing may be written but into mounts. */
  readonly isReadOnly?: boolean
  /** The image's where it is not set. */
  readonly workingDirectory?: string
  readonly user?: ContainerUser
  /** Its main process has an input that one may attach to. */
  readonly hasStdin?: boolean
  /** The input ends with the first one attached. */
  readonly isStdinOnce?: boolean
  readonly isTty?: boolean
  /** Its limit, or what the node has. */
  readonly memoryBytes?: number
  /** Requests and limits, as the spec has them. */
  readonly resources?: ResourceRequirements
  readonly containerPorts: readonly number[]
  readonly restartCount: number
  readonly terminationMessagePath: string
  /** A failed container's last lines stand for a message it did not write. */
  readonly usesLogAsMessage?: boolean
}

export interface ContainerRecord {
  /** 64 hexadecimal digits. */
  readonly id: string
  readonly sandboxId: string
  readonly config: ContainerConfig
  /** `docker.io/library/nginx@sha256:...` */
  readonly imageId: string
  /** Normalised, with a tag. */
  readonly imageReference: string
  readonly createdMs: number
  readonly state: 'created' | 'running' | 'exited'
  readonly startedMs: number
  readonly finishedMs: number
  readonly exitCode: number
  /** `Completed`, `Error`, `OOMKilled`, `StartError`, `Unknown`. */
  readonly reason: string
  readonly message: string
  readonly log: LogBuffer
  /** What it may use now. */
  readonly resources: ResourceRequirements | undefined
}

export interface ImageRecord {
  /** Normalised, with a tag: `docker.io/library/nginx:1.27`. */
  readonly reference: string
  readonly imageId: string
  readonly sizeBytes: number
}

export type CriResult<T> = { readonly ok: true; readonly value: T } | CriFailure
interface CriFailure {
  readonly ok: false
  /** As containerd words it, with `rpc error: code = ...` where the kubelet leaves that on. */
  readonly message: string
}

export interface ExecResult {
  readonly exitCode: number
  readonly output: string
  readonly isTimedOut: boolean
}

/** What changed under a pod; the PLEG relists on it. */
export type RuntimeListener = (podUid: string) => void

export interface Cri {
  /** `containerd://1.7.27` */
  readonly version: string
  /** Changes with every boot of the node. */
  readonly bootId: string
  /** The node's own namespace, which hostNetwork pods share. */
  readonly hostNetwork: NetworkNamespace
  runPodSandbox(config: SandboxConfig, reply: (result: CriResult<Sandbox>) => void): void
  /** Kills what is left in it and takes its network away. `reply` follows. */
  stopPodSandbox(id: string, reply: () => void): void
  /** Forgets a stopped sandbox and its containers. */
  removePodSandbox(id: string): void
  createContainer(
    sandboxId: string,
    config: ContainerConfig,
    reply: (result: CriResult<ContainerRecord>) => void,
  ): void
  startContainer(id: string): CriResult<ContainerRecord>
  /** SIGTERM, then SIGKILL after `graceMs`. `reply` comes once it has exited. */
  stopContainer(id: string, graceMs: number, reply: () => void): void
  removeContainer(id: string): void
  /** Gives a running container more or less, in place. */
  updateContainerResources(id: string, resources: ResourceRequirements): void
  /** Runs a command in a running container. */
  exec(
    id: string,
    command: readonly string[],
    timeoutMs: number,
    reply: (result: CriResult<ExecResult>) => void,
  ): void
  /** Runs a command with streams. It starts in an event of its own; a failure to start is the result's. */
  stream(
    id: string,
    command: readonly string[],
    options: ExecOptions,
    listener: ExecListener,
  ): CriResult<ExecSession>
  /** The streams of the main process, from now on. */
  attach(id: string, listener: ExecListener): CriResult<ExecSession>
  pullImage(image: string, reply: (result: CriResult<ImageRecord>) => void): void
  image(image: string): ImageRecord | undefined
  images(): readonly ImageRecord[]
  /** Of one pod, oldest first. */
  sandboxes(podUid: string): readonly Sandbox[]
  /** Of one pod, oldest first. */
  containers(podUid: string): readonly ContainerRecord[]
  /** Pods that it knows anything of, in the order their first sandbox was made. */
  podUids(): readonly string[]
  /** The returned function ends it. */
  listen(listener: RuntimeListener): () => void
}

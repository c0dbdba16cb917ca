/**
 * What is left on a node's disk when its power goes: pulled images, and the records and logs of sandboxes and
 * containers. Kept by whoever owns the node, handed to each incarnation of the runtime.
 */
import type { ResourceRequirements } from 'kubernetes-types/core/v1.js'
import type { Timer } from '../../sim/index.ts'
import type { NetworkNamespace } from '../container-network.ts'
import type { ContainerConfig, ContainerRecord, ImageRecord, Sandbox, SandboxConfig } from '../cri.ts'
import { VolumeStore } from '../files/mounts.ts'
import type { Image } from '../program.ts'
import type { LogBuffer } from './log-buffer.ts'
import type { RunningProcess } from './running-process.ts'

/** A sandbox as the runtime itself writes it. */
export interface SandboxEntry extends Sandbox {
  readonly config: SandboxConfig
  readonly network: NetworkNamespace
  state: 'ready' | 'notReady'
  /** Replaced, never changed. */
  containers: readonly ContainerEntry[]
}

export interface ContainerEntry extends ContainerRecord {
  readonly config: ContainerConfig
  readonly image: Image
  readonly log: LogBuffer
  state: 'created' | 'running' | 'exited'
  startedMs: number
  finishedMs: number
  exitCode: number
  reason: string
  message: string
  resources: ResourceRequirements | undefined
  process: RunningProcess | undefined
  /** Waiting for its exit. */
  exitReplies: (() => void)[] | undefined
  /** The SIGKILL that ends its grace period. */
  killTimer: Timer | undefined
}

export class NodeDisk {
  readonly images = new Map<string, { readonly record: ImageRecord; readonly image: Image }>()
  readonly sandboxes = new Map<string, SandboxEntry>()
  readonly containers = new Map<string, ContainerEntry>()
  /** By pod uid, oldest first. */
  readonly podSandboxes = new Map<string, SandboxEntry[]>()
  readonly volumes = new VolumeStore()
  /** How often the node has been booted: part of its boot id. */
  boots = 0
}

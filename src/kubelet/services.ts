/** What the parts of one kubelet share: the outside as ports, and the one call back into the sync loop. */
import type { Pod } from '../api/index.ts'
import type { ApiPort, EventRecorder } from '../client/index.ts'
import type { Label, RandomStream, Scope, Simulation } from '../sim/index.ts'
import type { Cni } from './cni.ts'
import type { Credentials } from './credentials.ts'
import type { Cri } from './cri.ts'
import type { NodeConfig } from './node-config.ts'
import type { HostAddresses } from './pods/pod-status.ts'
import type { PodWorker } from './pods/pod-worker.ts'

export interface Services {
  readonly scope: Scope
  readonly node: NodeConfig
  readonly api: ApiPort
  readonly cri: Cri
  readonly cni: Cni
  readonly credentials: Credentials
  readonly events: EventRecorder
  readonly random: RandomStream
  readonly host: HostAddresses
  readonly labels: Labels
  /** Looks at a pod again, at once, and tells the API what it has come to. */
  sync(worker: PodWorker): void
  /** The same without telling: what follows will. */
  proceed(worker: PodWorker): void
}

export type Labels = { readonly [K in keyof typeof NAMES]: Label }

const NAMES = {
  retry: 'kubelet/retry-pod',
  refresh: 'kubelet/refresh-volumes',
  backOff: 'kubelet/back-off',
  deadline: 'kubelet/active-deadline',
  probe: 'kubelet/probe',
  probeTimeout: 'kubelet/probe-timeout',
  hook: 'kubelet/hook',
  relist: 'kubelet/relist',
  resize: 'kubelet/retry-resize',
  status: 'kubelet/retry-status',
  lease: 'kubelet/renew-lease',
  nodeStatus: 'kubelet/node-status',
  register: 'kubelet/register',
} as const

const interned = new WeakMap<Simulation, Labels>()

/** The same for all kubelets of a world. */
export function internLabels({ sim }: Scope): Labels {
  let labels = interned.get(sim)
  if (!labels) {
    labels = Object.fromEntries(Object.entries(NAMES).map(([key, name]) => [key, sim.label(name)])) as Labels
    interned.set(sim, labels)
  }
  return labels
}

/** Records an event about a pod, or about one of its containers. */
export function podEvent(
  { events }: Services,
  pod: Pod,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
  fieldPath?: string,
): void {
  events.event(pod, type, reason, message, fieldPath)
}

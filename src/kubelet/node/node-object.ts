/** The Node as its kubelet writes it: mirrors `pkg/kubelet/nodestatus` and `initialNode`. */
import type { ContainerImage, NodeCondition, NodeStatus } from 'kubernetes-types/core/v1.js'
import { NAMES, type NewObject, type Node, Nodes } from '../../api/index.ts'
import type { ImageRecord } from '../cri.ts'
import { type NodeConfig, nodeResources } from '../node-config.ts'
import { networkNotReady } from '../pods/sandbox-maker.ts'

/** What of a node can change while its kubelet runs. */
export interface NodeFacts {
  readonly runtimeVersion: string
  readonly bootId: string
  /** Why CNI is not ready; undefined when it is. */
  readonly networkNotReady: string | undefined
  readonly images: readonly ImageRecord[]
  readonly timestamp: string
}

/** How many images the status names at most. */
const MAX_IMAGES = 50
/** What every node has pulled before it could register. */
const SHARED_LABELS = Object.freeze({
  'beta.kubernetes.io/arch': 'amd64',
  'beta.kubernetes.io/os': 'linux',
  [NAMES.archLabel]: 'amd64',
  [NAMES.osLabel]: 'linux',
})

export function newNode(config: NodeConfig, facts: NodeFacts): NewObject<Node> {
  return {
    apiVersion: Nodes.apiVersion,
    kind: Nodes.kind,
    metadata: {
      name: config.name,
      labels: nodeLabels(config),
      annotations: {
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
        ...config.annotations,
      },
    },
    spec: config.taints?.length ? { taints: [...config.taints] } : {},
    status: nodeStatus(config, facts, undefined),
  }
}

export function nodeLabels(config: NodeConfig): Record<string, string> {
  return { ...SHARED_LABELS, [NAMES.hostnameLabel]: config.name, ...config.labels }
}

/** The whole status; `before` lends its transition times and the conditions of others. */
export function nodeStatus(config: NodeConfig, facts: NodeFacts, before: NodeStatus | undefined): NodeStatus {
  const { capacity, allocatable } = nodeResources(config)
  const status: NodeStatus = {
    addresses: [
      { type: 'InternalIP', address: config.internalIp },
      { type: 'Hostname', address: config.name },
    ],
    allocatable,
    capacity,
    conditions: nodeConditions(facts, before?.conditions ?? []),
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: {
      architecture: 'amd64',
      bootID: facts.bootId,
      containerRuntimeVersion: facts.runtimeVersion,
      kernelVersion: '6.8.0-60-generic',
      kubeProxyVersion: '',
      kubeletVersion: NAMES.kubernetesVersion,
      machineID: config.name,
      operatingSystem: 'linux',
      osImage: 'Ubuntu 24.04.2 LTS',
      systemUUID: config.name,
    },
  }
  const images = nodeImages(facts.images)
  if (images.length > 0) status.images = images
  if (before?.volumesAttached) status.volumesAttached = before.volumesAttached
  if (before?.volumesInUse) status.volumesInUse = before.volumesInUse
  return status
}

/** The largest first. */
function nodeImages(images: readonly ImageRecord[]): ContainerImage[] {
  return [...images]
    .sort((a, b) => b.sizeBytes - a.sizeBytes || (a.reference < b.reference ? -1 : 1))
    .slice(0, MAX_IMAGES)
    .map(({ imageId, reference, sizeBytes }) => ({ names: [imageId, reference], sizeBytes }))
}

const CALM: readonly (readonly [type: string, reason: string, message: string])[] = [
  ['MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
]

function nodeConditions(facts: NodeFacts, before: readonly NodeCondition[]): NodeCondition[] {
  const conditions = CALM.map(([type, reason, message]) =>
    condition(facts, before, type, 'False', reason, message),
  )
  conditions.push(
    facts.networkNotReady === undefined
      ? condition(facts, before, 'Ready', 'True', 'KubeletReady', 'kubelet is posting ready status')
      : condition(facts, before, 'Ready', 'False', 'KubeletNotReady', networkNotReady(facts.networkNotReady)),
  )
  const own = new Set(conditions.map(({ type }) => type))
  const others = before.filter(({ type }) => !own.has(type))
  return [...others, ...conditions]
}

function condition(
  { timestamp }: NodeFacts,
  before: readonly NodeCondition[],
  type: string,
  status: string,
  reason: string,
  message: string,
): NodeCondition {
  const old = before.find(candidate => candidate.type === type)
  const lastTransitionTime = old?.status === status ? old.lastTransitionTime : timestamp
  return { type, status, lastHeartbeatTime: timestamp, lastTransitionTime, reason, message }
}

/** The events that a change of conditions is worth: `NodeHasSufficientMemory`, `NodeReady`, ... */
export function conditionEvents(before: NodeStatus | undefined, after: NodeStatus): string[] {
  const reasons: string[] = []
  for (const { type, status } of after.conditions ?? []) {
    const old = before?.conditions?.find(candidate => candidate.type === type)
    if (old?.status === status) continue
    if (type === 'MemoryPressure') reasons.push('NodeHasSufficientMemory')
    else if (type === 'DiskPressure') reasons.push('NodeHasNoDiskPressure')
    else if (type === 'PIDPressure') reasons.push('NodeHasSufficientPID')
    else if (type === 'Ready' && old) reasons.push(status === 'True' ? 'NodeReady' : 'NodeNotReady')
  }
  return reasons
}

/** Pods and nodes for the tests of this folder, frozen as stored objects are. */
import type { NodeSpec, PodSpec } from 'kubernetes-types/core/v1.js'
import type { Node, Pod } from '../api/index.ts'
import { EPOCH_MS, formatTime } from '../sim/index.ts'
import { Cache } from './cache.ts'
import { NodeInfo, newGenerations, newPodInfo, type PodInfo } from './node-info.ts'

const CREATED = formatTime(EPOCH_MS)

export interface NodeParts {
  readonly labels?: Record<string, string>
  readonly spec?: NodeSpec
  readonly allocatable?: Record<string, string>
}

/** A node of 4 cores, 8Gi and 110 pods unless told otherwise. */
export function node(name: string, { labels = {}, spec = {}, allocatable = {} }: NodeParts = {}): Node {
  const room = { cpu: '4', memory: '8Gi', pods: '110', ...allocatable }
  return deepFreeze({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: `uid-${name}`, resourceVersion: '1', creationTimestamp: CREATED, labels },
    spec,
    status: { allocatable: room, capacity: room },
  } as Node)
}

/** A pod of one container that requests nothing, in `default`. */
export function pod(name: string, spec: Partial<PodSpec> = {}, labels: Record<string, string> = {}): Pod {
  return deepFreeze({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'default',
      uid: `uid-${name}`,
      resourceVersion: '1',
      creationTimestamp: CREATED,
      labels,
    },
    spec: { schedulerName: 'default-scheduler', containers: [{ name: 'c', image: 'nginx' }], ...spec },
    status: { phase: 'Pending' },
  } as Pod)
}

/** The `containers` of a pod that requests these amounts. */
export function requesting(requests: Record<string, string>): Pick<PodSpec, 'containers'> {
  return { containers: [{ name: 'c', image: 'nginx', resources: { requests } }] }
}

export function podInfo(name: string, spec: Partial<PodSpec> = {}): PodInfo {
  return newPodInfo(pod(name, spec))
}

export function nodeInfo(stored: Node, pods: readonly Pod[] = []): NodeInfo {
  const info = new NodeInfo(stored.metadata.name, newGenerations())
  info.setNode(stored)
  for (const one of pods) info.addPod(newPodInfo(one))
  return info
}

export function cacheOf(nodes: readonly Node[], pods: readonly Pod[] = []): Cache {
  const cache = new Cache()
  for (const one of nodes) cache.addNode(one)
  for (const one of pods) cache.addPod(one)
  return cache
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const part of Object.values(value)) deepFreeze(part)
  return Object.freeze(value)
}

/**
 * What a person says about the cluster they want, checked and completed. Plain data: it is the first part of a
 * recording.
 */
import { parseQuantity, QuantityError } from '../api/index.ts'
import { UserError } from '../sim/index.ts'

/** One node as written in a configuration; every field but the name has a default. */
export interface NodeOptions {
  readonly name: string
  /** Cores, as a quantity: `4`, `500m`. */
  readonly cpu?: string | number
  /** Memory, as a quantity: `8Gi`. */
  readonly memory?: string | number
  /** Pods that fit on it; 110. */
  readonly pods?: number
  readonly labels?: Readonly<Record<string, string>>
  readonly taints?: readonly TaintOptions[]
}

export interface TaintOptions {
  readonly key: string
  readonly value?: string
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute'
}

export interface ClusterOptions {
  /** How many nodes, or which. 3 unless given. */
  readonly nodes?: number | readonly NodeOptions[]
  /** Any integer; 1 unless given. Same seed, same run. */
  readonly seed?: number
  /** Virtual time at which the run begins, in ms since the Unix epoch; 2026-01-01T00:00:00Z unless given. */
  readonly startMs?: number
  /** What pulling an image does that is not in the catalogue: `refuse` (ErrImagePull) or `run` a generic program. */
  readonly images?: { readonly unknown?: 'refuse' | 'run' }
  /** Pods a node takes, for nodes that do not say; 110. */
  readonly maxPods?: number
  /** False lifts the clients' request rate limits (20/s for the controllers, 50/s for scheduler and kubelets). */
  readonly hasClientLimits?: boolean
  /** Who may do what: everyone everything (AlwaysAllow), or as kubeadm's Node,RBAC decide. AlwaysAllow unless given. */
  readonly authorization?: 'AlwaysAllow' | 'RBAC'
  /**
   * The certificate of the cluster's authority, PEM: it is published in `kube-root-ca.crt`, and approved certificate
   * requests are signed by whoever has its key. A stand-in, and nobody, unless given.
   */
  readonly certificateAuthority?: string
  /** Whose writes show in `metadata.managedFields`: those that come from outside (`requested`), or `all`. */
  readonly managedFields?: 'requested' | 'all'
}

export interface NodeSettings {
  readonly name: string
  readonly cpu: string
  readonly memory: string
  readonly pods: number
  readonly labels: Readonly<Record<string, string>>
  readonly taints: readonly TaintOptions[]
}

/** A configuration with nothing left open. */
export interface ClusterSettings {
  readonly nodes: readonly NodeSettings[]
  readonly seed: number
  /** Undefined for the usual beginning. */
  readonly startMs: number | undefined
  readonly unknownImages: 'refuse' | 'run'
  readonly maxPods: number
  readonly hasClientLimits: boolean
  readonly authorization: 'AlwaysAllow' | 'RBAC'
  readonly managedFields: 'requested' | 'all'
  readonly certificateAuthority: string | undefined
}

const KNOWN = [
  'nodes',
  'seed',
  'startMs',
  'images',
  'maxPods',
  'hasClientLimits',
  'managedFields',
  'authorization',
  'certificateAuthority',
]
const KNOWN_OF_NODE = ['name', 'cpu', 'memory', 'pods', 'labels', 'taints']
const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/
const MAX_NODES = 20_000
const CERTIFICATE = /^-----BEGIN CERTIFICATE-----\n[\s\S]+\n-----END CERTIFICATE-----\n$/

/** Checks and completes a configuration. Throws UserError naming the field. */
export function settle(options: ClusterOptions): ClusterSettings {
  refuseUnknown(options, KNOWN, 'cluster')
  const seed = options.seed ?? 1
  if (!Number.isInteger(seed)) throw wrong('cluster.seed', seed, 'Give a whole number.')
  const { startMs } = options
  if (startMs !== undefined && !Number.isInteger(startMs)) {
    throw wrong('cluster.startMs', startMs, 'Give whole milliseconds since the Unix epoch.')
  }
  const maxPods = options.maxPods ?? 110
  if (!Number.isInteger(maxPods) || maxPods < 1)
    throw wrong('cluster.maxPods', maxPods, 'Give a whole number.')
  const unknownImages = options.images?.unknown ?? 'refuse'
  if (unknownImages !== 'refuse' && unknownImages !== 'run') {
    throw wrong('cluster.images.unknown', unknownImages, 'It is `refuse` or `run`.')
  }
  const managedFields = options.managedFields ?? 'requested'
  if (managedFields !== 'requested' && managedFields !== 'all') {
    throw wrong('cluster.managedFields', managedFields, 'It is `requested` or `all`.')
  }
  refuseUnknown(options.images ?? {}, ['unknown'], 'cluster.images')
  const authorization = options.authorization ?? 'AlwaysAllow'
  if (authorization !== 'AlwaysAllow' && authorization !== 'RBAC') {
    throw wrong('cluster.authorization', authorization, 'It is `AlwaysAllow` or `RBAC`.')
  }
  const { certificateAuthority } = options
  if (certificateAuthority !== undefined && !CERTIFICATE.test(String(certificateAuthority))) {
    throw wrong('cluster.certificateAuthority', certificateAuthority, 'Give a certificate as PEM.')
  }
  return {
    nodes: settleNodes(options.nodes ?? 3, maxPods),
    seed: seed | 0,
    startMs,
    unknownImages,
    maxPods,
    hasClientLimits: options.hasClientLimits ?? true,
    authorization,
    managedFields,
    certificateAuthority,
  }
}

function settleNodes(nodes: number | readonly NodeOptions[], maxPods: number): NodeSettings[] {
  if (typeof nodes === 'number') {
    if (!Number.isInteger(nodes) || nodes < 0 || nodes > MAX_NODES) {
      throw wrong('cluster.nodes', nodes, `Give a whole number up to ${MAX_NODES}, or a list of nodes.`)
    }
    return Array.from({ length: nodes }, (_, i) =>
      settleNode({ name: `node-${i + 1}` }, maxPods, 'cluster.nodes'),
    )
  }
  if (!Array.isArray(nodes)) throw wrong('cluster.nodes', nodes, 'Give a number or a list of nodes.')
  const names = new Set<string>()
  return nodes.map((node: NodeOptions, i) => {
    const settled = settleNode(node, maxPods, `cluster.nodes[${i}]`)
    if (names.has(settled.name))
      throw wrong(`cluster.nodes[${i}].name`, settled.name, 'Every node needs its own name.')
    names.add(settled.name)
    return settled
  })
}

/** Checks and completes one node. Throws UserError. */
export function settleNode(node: NodeOptions, maxPods: number, where = 'node'): NodeSettings {
  if (typeof node !== 'object' || node === null) throw wrong(where, node, 'Write `{ name: node-1 }`.')
  refuseUnknown(node, KNOWN_OF_NODE, where)
  if (typeof node.name !== 'string' || !NAME.test(node.name)) {
    throw wrong(`${where}.name`, node.name, 'Use lower case letters, digits, - and dots.')
  }
  const cpu = String(node.cpu ?? 4)
  const memory = String(node.memory ?? '8Gi')
  for (const [field, value] of [
    ['cpu', cpu],
    ['memory', memory],
  ] as const) {
    if (!isQuantity(value)) throw wrong(`${where}.${field}`, value, 'Give a quantity such as 4, 500m or 8Gi.')
  }
  return {
    name: node.name,
    cpu,
    memory,
    pods: node.pods ?? maxPods,
    labels: { ...node.labels },
    taints: [...(node.taints ?? [])],
  }
}

function isQuantity(text: string): boolean {
  try {
    parseQuantity(text)
    return true
  } catch (error) {
    if (error instanceof QuantityError) return false
    throw error
  }
}

function refuseUnknown(record: object, known: readonly string[], where: string): void {
  for (const key of Object.keys(record)) {
    if (!known.includes(key)) {
      throw new UserError(`${where} has no field ${JSON.stringify(key)}`, {
        mend: `It knows ${known.join(', ')}.`,
      })
    }
  }
}

function wrong(where: string, value: unknown, mend: string): UserError {
  return new UserError(`${where} cannot be ${JSON.stringify(value)}`, { mend })
}

/**
 * A kubelet touches only its own Node, Lease and CSINode and the pods that are bound to it, and labels itself with
 * nothing that would draw pods. Mirrors plugin/pkg/admission/noderestriction; resource claims are not modelled.
 */
import {
  type AnyKind,
  CSINodes,
  deepEqual,
  type KubeObject,
  Leases,
  mayKubeletSet,
  NAMES,
  type Node,
  Nodes,
  type PersistentVolumeClaim,
  PersistentVolumeClaims,
  Pods,
  ServiceAccounts,
  statuses,
} from '../../../api/index.ts'
import { nodeNameOf } from '../../authorization/node-identity.ts'
import { type AdmissionPlugin, type AdmissionView, type Attributes, nameIn } from '../plugin.ts'
import type { Judgement } from './judgement.ts'
import { judgePod } from './pods.ts'
import { judgeTokenRequest } from './token-requests.ts'

type Judge = (
  nodeName: string,
  object: KubeObject | undefined,
  attributes: Attributes,
  view: AdmissionView,
) => Judgement

const JUDGES: ReadonlyMap<AnyKind, Judge> = new Map<AnyKind, Judge>([
  [Pods, judgePod],
  [Nodes, judgeNode],
  [PersistentVolumeClaims, judgeClaim],
  [ServiceAccounts, judgeTokenRequest],
  [Leases, judgeLease],
  [CSINodes, judgeCsiNode],
])

export const NODE_RESTRICTION: AdmissionPlugin = {
  name: 'NodeRestriction',

  handles: (kind, operation) => operation !== 'CONNECT' && JUDGES.has(kind),

  admit(object, attributes, view) {
    const nodeName = nodeNameOf(attributes.user)
    if (nodeName === undefined) return undefined
    const judgement =
      nodeName === ''
        ? `could not determine node from user ${JSON.stringify(attributes.user.name)}`
        : JUDGES.get(attributes.kind)!(nodeName, object, attributes, view)
    if (typeof judgement !== 'string') return judgement
    return { refused: statuses.forbidden(attributes.kind, nameIn(attributes, object), judgement) }
  },
}

function judgeNode(nodeName: string, object: KubeObject | undefined, attributes: Attributes): Judgement {
  const quoted = JSON.stringify(nodeName)
  const asked = attributes.name || (object?.metadata.name ?? '')
  if (asked !== nodeName) return `node ${quoted} is not allowed to modify node ${JSON.stringify(asked)}`
  const { operation } = attributes
  if (!object || operation === 'DELETE') return undefined
  const [node, old] = [object as Node, attributes.old as Node | undefined]
  if (old && node.spec.taints !== old.spec.taints && !deepEqual(node.spec.taints, old.spec.taints)) {
    return `node ${quoted} is not allowed to modify taints`
  }
  const labels = forbiddenLabels(node.metadata.labels, old?.metadata.labels)
  if (labels.length === 0) return undefined
  return operation === 'CREATE'
    ? `node ${quoted} is not allowed to set the following labels: ${labels.join(', ')}`
    : `is not allowed to modify labels: ${labels.join(', ')}`
}

type Labels = Readonly<Record<string, string>>

/** Those among the labels that change which are not for a kubelet to change; sorted. */
function forbiddenLabels(next: Labels = {}, old: Labels = {}): string[] {
  if (next === old) return []
  return [...new Set([...Object.keys(next), ...Object.keys(old)])]
    .filter(label => next[label] !== old[label] && !mayKubeletSet(label))
    .sort()
}

function judgeClaim(
  nodeName: string,
  object: KubeObject | undefined,
  { subresource, operation, old }: Attributes,
): Judgement {
  if (subresource !== 'status') return 'may only update PVC status'
  if (operation !== 'UPDATE') return `unexpected operation ${JSON.stringify(operation)}`
  const [after, before] = [object, old].map(claim => withoutSizes(claim as PersistentVolumeClaim))
  if (deepEqual(after, before)) return undefined
  return `node ${JSON.stringify(nodeName)} is not allowed to update fields other than status.capacity and status.conditions`
}

/** A claim without what its node may write, and what the server does. */
function withoutSizes({ metadata, status, ...rest }: PersistentVolumeClaim): object {
  const { resourceVersion: _version, managedFields: _fields, ...kept } = metadata
  const {
    capacity: _capacity,
    conditions: _conditions,
    allocatedResources: _allocated,
    allocatedResourceStatuses: _statuses,
    ...state
  } = status
  return { ...rest, metadata: kept, status: state }
}

function judgeLease(
  nodeName: string,
  object: KubeObject | undefined,
  { namespace, operation, name }: Attributes,
): Judgement {
  if (namespace !== NAMES.nodeLeaseNamespace) {
    return `can only access leases in the ${JSON.stringify(NAMES.nodeLeaseNamespace)} system namespace`
  }
  const asked = operation === 'CREATE' ? object?.metadata.name : name
  if (asked === nodeName) return undefined
  return 'can only access node lease with the same name as the requesting node'
}

function judgeCsiNode(
  nodeName: string,
  object: KubeObject | undefined,
  { operation, name }: Attributes,
): Judgement {
  const asked = operation === 'CREATE' ? object?.metadata.name : name
  return asked === nodeName ? undefined : 'can only access CSINode with the same name as the requesting node'
}

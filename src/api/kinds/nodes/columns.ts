/** `kubectl get nodes` */
import { findCondition } from '../../conditions.ts'
import type { Column } from '../../define-kind.ts'
import { ageColumn, column, NONE, nameColumn, UNKNOWN, wideColumn } from '../shared/columns.ts'
import type { Node } from './types.ts'

const ROLE_LABEL_PREFIX = 'node-role.kubernetes.io/'
const ROLE_LABEL = 'kubernetes.io/role'

/** Complete, because the version comes after the age. */
export const nodeColumns: readonly Column<Node>[] = [
  nameColumn(),
  column('Status', 'string', nodeStatusText),
  column('Roles', 'string', node => nodeRoles(node).join(',') || NONE),
  ageColumn(),
  column('Version', 'string', node => node.status.nodeInfo?.kubeletVersion ?? ''),
  wideColumn('Internal-IP', node => address(node, 'InternalIP')),
  wideColumn('External-IP', node => address(node, 'ExternalIP')),
  wideColumn('OS-Image', node => node.status.nodeInfo?.osImage || UNKNOWN),
  wideColumn('Kernel-Version', node => node.status.nodeInfo?.kernelVersion || UNKNOWN),
  wideColumn('Container-Runtime', node => node.status.nodeInfo?.containerRuntimeVersion || UNKNOWN),
]

/** `Ready`, `NotReady,SchedulingDisabled`. */
export function nodeStatusText(node: Node): string {
  const ready = findCondition(node, 'Ready')
  const text = ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown'
  return node.spec.unschedulable ? `${text},SchedulingDisabled` : text
}

/** The roles that labels give a node, sorted. */
export function nodeRoles(node: Node): string[] {
  const roles = new Set<string>()
  const labels = node.metadata.labels ?? {}
  for (const label in labels) {
    if (label.startsWith(ROLE_LABEL_PREFIX)) {
      const role = label.slice(ROLE_LABEL_PREFIX.length)
      if (role) roles.add(role)
    } else if (label === ROLE_LABEL && labels[label]) roles.add(labels[label])
  }
  return [...roles].sort()
}

function address(node: Node, type: string): string {
  return node.status.addresses?.find(candidate => candidate.type === type)?.address ?? NONE
}

/** `kubectl describe nodes` */
import { type Lease, Leases, NAMES, type Node, nodeRoles, type Pod, Pods } from '../../api/index.ts'
import { type ApiResult, call, requestFor } from '../../client/index.ts'
import type { Routine } from '../../sim/index.ts'
import { type DescribeContext, type Describer, listOf } from './describer.ts'
import { findEvents, formatEvents } from './events.ts'
import { writeAllocation } from './node-allocation.ts'
import { compare, formatTaint, longTime, writeAnnotations, writeLabels, writeList } from './parts.ts'
import type { DescriptionWriter } from './writer.ts'

export const describeNode: Describer = function* (context, object, w) {
  const node = object as Node
  const { metadata, spec, status } = node
  w.field(0, 'Name', metadata.name)
  w.field(0, 'Roles', nodeRoles(node).join(',') || '<none>')
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.field(0, 'CreationTimestamp', longTime(metadata.creationTimestamp))
  const taints = [...(spec?.taints ?? [])].sort((a, b) =>
    compare(`${a.effect},${a.key}`, `${b.effect},${b.key}`),
  )
  writeList(w, 'Taints', taints.map(formatTaint))
  w.field(0, 'Unschedulable', `${spec?.unschedulable ?? false}`)
  yield* writeLease(context, w, metadata.name)
  writeConditions(w, node)
  w.line(0, 'Addresses:')
  for (const { type, address } of status?.addresses ?? []) w.field(1, type, address)
  writeAmounts(w, 'Capacity', status?.capacity)
  writeAmounts(w, 'Allocatable', status?.allocatable)
  writeSystem(w, node)
  if (spec?.podCIDR) w.field(0, 'PodCIDR', spec.podCIDR)
  if (spec?.podCIDRs?.length) w.field(0, 'PodCIDRs', spec.podCIDRs.join(','))
  if (spec?.providerID) w.field(0, 'ProviderID', spec.providerID)
  const fieldSelector = `spec.nodeName=${metadata.name},status.phase!=Succeeded,status.phase!=Failed`
  writeAllocation(w, node, yield* listOf<Pod>(context, Pods, '', { fieldSelector }), context.nowMs)
  if (!context.showEvents) return
  // The controllers name the node by its uid, its kubelet by its name.
  const events = yield* findEvents(context, object, metadata.uid)
  const kubelets = yield* findEvents(context, object, metadata.name)
  formatEvents(w, [...events, ...kubelets], context.nowMs)
}

function* writeLease(context: DescribeContext, w: DescriptionWriter, name: string): Routine<void> {
  const result: ApiResult<Lease> = yield* call(
    context.api,
    requestFor('get', Leases, NAMES.nodeLeaseNamespace, name),
  )
  if (!result.ok) {
    w.field(0, 'Lease', `Failed to get lease: ${result.status.message}`)
    return
  }
  const { holderIdentity, acquireTime, renewTime } = result.object.spec ?? {}
  w.line(0, 'Lease:')
  w.field(1, 'HolderIdentity', holderIdentity ?? '<unset>')
  w.field(1, 'AcquireTime', acquireTime ? longTime(acquireTime) : '<unset>')
  w.field(1, 'RenewTime', renewTime ? longTime(renewTime) : '<unset>')
}

function writeConditions(w: DescriptionWriter, { status }: Node): void {
  const conditions = status?.conditions ?? []
  if (conditions.length === 0) return
  w.line(0, 'Conditions:')
  w.line(1, 'Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage')
  w.line(1, '----\t------\t-----------------\t------------------\t------\t-------')
  for (const { type, status: value, reason, message, ...times } of conditions) {
    const heartbeat = longTime(times.lastHeartbeatTime)
    const transition = longTime(times.lastTransitionTime)
    w.line(1, [type, value, heartbeat, transition, reason ?? '', message ?? ''].join(' \t'))
  }
}

function writeAmounts(
  w: DescriptionWriter,
  heading: string,
  amounts: Readonly<Record<string, string | number>> | undefined,
): void {
  const names = Object.keys(amounts ?? {}).sort()
  if (names.length > 0) w.line(0, `${heading}:`)
  for (const name of names) w.field(1, name, amounts![name]!)
}

function writeSystem(w: DescriptionWriter, { status }: Node): void {
  const info = status?.nodeInfo
  w.line(0, 'System Info:')
  w.field(1, 'Machine ID', info?.machineID ?? '')
  w.field(1, 'System UUID', info?.systemUUID ?? '')
  w.field(1, 'Boot ID', info?.bootID ?? '')
  w.field(1, 'Kernel Version', info?.kernelVersion ?? '')
  w.field(1, 'OS Image', info?.osImage ?? '')
  w.field(1, 'Operating System', info?.operatingSystem ?? '')
  w.field(1, 'Architecture', info?.architecture ?? '')
  w.field(1, 'Container Runtime Version', info?.containerRuntimeVersion ?? '')
  w.field(1, 'Kubelet Version', info?.kubeletVersion ?? '')
  w.field(1, 'Kube-Proxy Version', info?.kubeProxyVersion ?? '')
}

/**
 * `kubectl get componentstatuses`. Mirrors pkg/registry/core/componentstatus. Differs in how it looks: upstream asks
 * the components' own ports, here a component is well that renewed its Lease in time, and etcd if it let us know.
 */
import { type ComponentStatus, ComponentStatuses, LEADER_ELECTION, Leases, NAMES } from '../../api/index.ts'
import type { Core } from '../core.ts'
import type { VirtualHandler } from './handler.ts'

/** As they are called there, with their Leases and the ports that upstream asks. */
const COMPONENTS = [
  { name: 'scheduler', lease: 'kube-scheduler', port: 10_259 },
  { name: 'controller-manager', lease: 'kube-controller-manager', port: 10_257 },
] as const

export const COMPONENT_STATUS: VirtualHandler = {
  kind: ComponentStatuses,
  objects: core => [
    ...COMPONENTS.map(({ name, lease, port }) => {
      if (isRenewed(core, lease)) return statusOf(name, 'ok')
      const url = `https://127.0.0.1:${port}/healthz`
      return statusOf(name, `Get "${url}": dial tcp 127.0.0.1:${port}: connect: connection refused`, false)
    }),
    statusOf('etcd-0', 'ok'),
  ],
}

function isRenewed({ cacher, context }: Core, name: string): boolean {
  const entry = cacher.known(Leases)?.get(NAMES.systemNamespace, name)
  const renewTime = (entry?.object as { spec?: { renewTime?: string } } | undefined)?.spec?.renewTime
  return renewTime !== undefined && context.nowMs - Date.parse(renewTime) <= LEADER_ELECTION.leaseDurationMs
}

function statusOf(name: string, message: string, isHealthy = true): ComponentStatus {
  return {
    apiVersion: ComponentStatuses.apiVersion,
    kind: ComponentStatuses.kind,
    metadata: { name } as ComponentStatus['metadata'],
    conditions: [{ type: 'Healthy', status: isHealthy ? 'True' : 'False', message }],
  }
}

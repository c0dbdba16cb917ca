/**
 * Leader election of a control-plane component, as kubeadm's have it (`--leader-elect`): it works while it holds its
 * Lease in kube-system, and exits when it loses it.
 */
import { NAMES, newUid } from '../api/index.ts'
import { type ApiPort, EventRecorder, LeaderElector } from '../client/index.ts'
import type { Scope } from '../sim/index.ts'

export interface LeadershipOptions {
  readonly api: ApiPort
  /** The component's and its Lease's: `kube-scheduler`. */
  readonly name: string
  /** Begins the component's work. */
  readonly lead: () => void
  /** Ends the component's process. */
  readonly exit: () => void
}

/** Competes for the Lease from now on. */
export function competeToLead(scope: Scope, { api, name, lead, exit }: LeadershipOptions): void {
  new LeaderElector(scope, {
    api,
    namespace: NAMES.systemNamespace,
    name,
    identity: `control-plane_${newUid(scope.sim.random('leader-election/identities'))}`,
    recorder: new EventRecorder(scope, api, { component: name }),
    onStartedLeading: lead,
    onStoppedLeading: exit,
  }).start()
}

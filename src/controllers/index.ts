/**
 * Every controller of kube-controller-manager that is modelled, in its order of start. A new one is a folder here
 * and a line in the list.
 */
import type { AnyController } from '../client/index.ts'
import { daemonSetController } from './daemonset/index.ts'
import { deploymentController } from './deployment/index.ts'
import { replicaSetController } from './replicaset/index.ts'
import { statefulSetController } from './statefulset/index.ts'

/** The pure controllers, for a ControllerHost. */
export const CONTROLLERS: readonly AnyController[] = [
  deploymentController,
  replicaSetController,
  statefulSetController,
  daemonSetController,
]

export { daemonSetController, deploymentController, replicaSetController, statefulSetController }

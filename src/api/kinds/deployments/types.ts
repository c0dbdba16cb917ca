/** The shape of a Deployment. */
import type { DeploymentSpec, DeploymentStatus } from 'kubernetes-types/apps/v1.js'
import type { KubeObject } from '../../object.ts'

export interface Deployment extends KubeObject {
  spec: DeploymentSpec
  status: DeploymentStatus
}

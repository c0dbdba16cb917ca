/** The shape of a ResourceQuota. */
import type { ResourceQuotaSpec, ResourceQuotaStatus } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../../object.ts'

export interface ResourceQuota extends KubeObject {
  spec: ResourceQuotaSpec
  status: ResourceQuotaStatus
}

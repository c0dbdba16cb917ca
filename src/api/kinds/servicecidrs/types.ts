/** The shape of a ServiceCIDR: a range that addresses of Services are taken from. */
import type { Condition } from 'kubernetes-types/meta/v1.js'
import type { KubeObject } from '../../object.ts'

export interface ServiceCIDR extends KubeObject {
  spec: { cidrs?: string[] }
  status: { conditions?: Condition[] }
}

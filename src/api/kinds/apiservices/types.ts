/** The shape of an APIService: who answers for a version of a group. */
import type { KubeObject } from '../../object.ts'

export interface APIServiceSpec {
  group?: string
  version?: string
  service?: { namespace?: string; name?: string; port?: number }
  groupPriorityMinimum: number
  versionPriority: number
  insecureSkipTLSVerify?: boolean
  /** In base64. */
  caBundle?: string
}

export interface APIServiceCondition {
  type: string
  status: string
  lastTransitionTime?: string
  reason?: string
  message?: string
}

export interface APIService extends KubeObject {
  spec: APIServiceSpec
  status: { conditions?: APIServiceCondition[] }
}

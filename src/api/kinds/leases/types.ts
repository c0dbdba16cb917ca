/** The shape of a Lease. */
import type { LeaseSpec } from 'kubernetes-types/coordination/v1.js'
import type { KubeObject } from '../../object.ts'

export interface Lease extends KubeObject {
  spec: LeaseSpec
}

/** The shape of a RuntimeClass. */
import type { Overhead, Scheduling } from 'kubernetes-types/node/v1.js'
import type { KubeObject } from '../../object.ts'

export interface RuntimeClass extends KubeObject {
  handler: string
  overhead?: Overhead
  scheduling?: Scheduling
}

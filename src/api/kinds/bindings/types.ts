/** The shape of a Binding. */
import type { ObjectReference } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../../object.ts'

export interface Binding extends KubeObject {
  target: ObjectReference
}

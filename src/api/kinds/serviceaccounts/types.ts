/** The shape of a ServiceAccount. */
import type { LocalObjectReference, ObjectReference } from 'kubernetes-types/core/v1.js'
import type { KubeObject } from '../../object.ts'

export interface ServiceAccount extends KubeObject {
  secrets?: ObjectReference[]
  imagePullSecrets?: LocalObjectReference[]
  automountServiceAccountToken?: boolean
}

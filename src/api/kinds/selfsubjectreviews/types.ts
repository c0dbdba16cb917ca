/** The shape of a SelfSubjectReview. */
import type { SelfSubjectReview as Published } from 'kubernetes-types/authentication/v1.js'
import type { KubeObject } from '../../object.ts'

export interface SelfSubjectReview extends KubeObject {
  status?: Published['status']
}

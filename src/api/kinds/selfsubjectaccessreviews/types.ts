/** The shape of a SelfSubjectAccessReview. */
import type { SelfSubjectAccessReview as Published } from 'kubernetes-types/authorization/v1.js'
import type { KubeObject } from '../../object.ts'

export interface SelfSubjectAccessReview extends KubeObject {
  spec: Published['spec']
  status?: Published['status']
}

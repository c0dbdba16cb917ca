/** The shape of a SubjectAccessReview. */
import type { SubjectAccessReview as Published } from 'kubernetes-types/authorization/v1.js'
import type { KubeObject } from '../../object.ts'

export interface SubjectAccessReview extends KubeObject {
  spec: Published['spec']
  status?: Published['status']
}

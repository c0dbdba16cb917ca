/** The shape of a LocalSubjectAccessReview. */
import type { LocalSubjectAccessReview as Published } from 'kubernetes-types/authorization/v1.js'
import type { KubeObject } from '../../object.ts'

export interface LocalSubjectAccessReview extends KubeObject {
  spec: Published['spec']
  status?: Published['status']
}

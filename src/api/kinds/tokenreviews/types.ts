/** The shape of a TokenReview. */
import type { TokenReview as Published } from 'kubernetes-types/authentication/v1.js'
import type { KubeObject } from '../../object.ts'

export interface TokenReview extends KubeObject {
  spec: Published['spec']
  status?: Published['status']
}

/** The shape of a SelfSubjectRulesReview. */
import type { SelfSubjectRulesReview as Published } from 'kubernetes-types/authorization/v1.js'
import type { KubeObject } from '../../object.ts'

export interface SelfSubjectRulesReview extends KubeObject {
  spec: Published['spec']
  status?: Published['status']
}

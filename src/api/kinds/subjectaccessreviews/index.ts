/** Asks whether somebody may do something. Answered by the API server, never stored. */
import { defineKind } from '../../define-kind.ts'
import type { SubjectAccessReview } from './types.ts'

export const SubjectAccessReviews = defineKind<SubjectAccessReview>({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SubjectAccessReview',
  plural: 'subjectaccessreviews',
  singular: 'subjectaccessreview',
  isNamespaced: false,
  isVirtual: true,
  schema: 'io.k8s.api.authorization.v1.SubjectAccessReview',
})

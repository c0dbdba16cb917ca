/** Asks whether somebody may do something in one namespace. Answered by the API server, never stored. */
import { defineKind } from '../../define-kind.ts'
import type { LocalSubjectAccessReview } from './types.ts'

export const LocalSubjectAccessReviews = defineKind<LocalSubjectAccessReview>({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'LocalSubjectAccessReview',
  plural: 'localsubjectaccessreviews',
  singular: 'localsubjectaccessreview',
  isNamespaced: true,
  isVirtual: true,
  schema: 'io.k8s.api.authorization.v1.LocalSubjectAccessReview',
})

/** Asks whether one may do something oneself: `kubectl auth can-i`. Answered by the API server, never stored. */
import { defineKind } from '../../define-kind.ts'
import type { SelfSubjectAccessReview } from './types.ts'

export const SelfSubjectAccessReviews = defineKind<SelfSubjectAccessReview>({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectAccessReview',
  plural: 'selfsubjectaccessreviews',
  singular: 'selfsubjectaccessreview',
  isNamespaced: false,
  isVirtual: true,
  schema: 'io.k8s.api.authorization.v1.SelfSubjectAccessReview',
})

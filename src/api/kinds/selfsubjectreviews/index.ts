/** Asks who is asking: `kubectl auth whoami`. Answered by the API server, never stored. */
import { defineKind } from '../../define-kind.ts'
import type { SelfSubjectReview } from './types.ts'

export const SelfSubjectReviews = defineKind<SelfSubjectReview>({
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectReview',
  plural: 'selfsubjectreviews',
  singular: 'selfsubjectreview',
  isNamespaced: false,
  isVirtual: true,
  schema: 'io.k8s.api.authentication.v1.SelfSubjectReview',
})

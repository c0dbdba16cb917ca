/** Asks for all one may do in a namespace: `kubectl auth can-i --list`. Answered by the API server, never stored. */
import { defineKind } from '../../define-kind.ts'
import type { SelfSubjectRulesReview } from './types.ts'

export const SelfSubjectRulesReviews = defineKind<SelfSubjectRulesReview>({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectRulesReview',
  plural: 'selfsubjectrulesreviews',
  singular: 'selfsubjectrulesreview',
  isNamespaced: false,
  isVirtual: true,
  schema: 'io.k8s.api.authorization.v1.SelfSubjectRulesReview',
})

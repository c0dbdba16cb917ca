/** Asks whose a bearer token is. Answered by the API server, never stored. */
import { defineKind } from '../../define-kind.ts'
import type { TokenReview } from './types.ts'

export const TokenReviews = defineKind<TokenReview>({
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'TokenReview',
  plural: 'tokenreviews',
  singular: 'tokenreview',
  isNamespaced: false,
  isVirtual: true,
  schema: 'io.k8s.api.authentication.v1.TokenReview',
})

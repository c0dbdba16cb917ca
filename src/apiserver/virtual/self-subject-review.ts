/** Who is asking: `kubectl auth whoami`. Mirrors pkg/registry/authentication/selfsubjectreview. */
import { SelfSubjectReviews } from '../../api/index.ts'
import type { VirtualHandler } from './handler.ts'
import { userInfo } from './token-review.ts'

export const SELF_SUBJECT_REVIEW: VirtualHandler = {
  kind: SelfSubjectReviews,
  answer: ({ context }, { user }, { apiVersion, kind }) => ({
    apiVersion,
    kind,
    metadata: { creationTimestamp: context.timestamp },
    status: { userInfo: userInfo(user) },
  }),
}

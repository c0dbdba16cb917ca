/** All that one may do: `kubectl auth can-i --list`. Mirrors pkg/registry/authorization/selfsubjectrulesreview. */
import { type SelfSubjectRulesReview, SelfSubjectRulesReviews } from '../../api/index.ts'
import { refuse, statuses } from '../core.ts'
import type { VirtualHandler } from './handler.ts'
import { emptyMetadata } from './metadata.ts'

export const SELF_SUBJECT_RULES_REVIEW: VirtualHandler = {
  kind: SelfSubjectRulesReviews,
  answer({ access }, { user }, asked) {
    const { apiVersion, kind, spec } = asked as SelfSubjectRulesReview
    const namespace = spec?.namespace
    if (!namespace) return refuse(statuses.badRequest('no namespace on request'))
    const { resourceRules, nonResourceRules, isIncomplete, error } = access.authorizer.rulesFor(
      user,
      namespace,
    )
    const status = {
      resourceRules: resourceRules.map(({ verbs, apiGroups, resources, resourceNames }) => ({
        verbs,
        apiGroups,
        resources,
        ...(resourceNames?.length && { resourceNames }),
      })),
      nonResourceRules: nonResourceRules.map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
      incomplete: isIncomplete,
      ...(error && { evaluationError: error }),
    }
    return { apiVersion, kind, metadata: emptyMetadata(asked), spec: {}, status }
  },
}

/**
 * The schemas and levels that every server has: whatever the objects say, the masters are let through and everybody
 * else has somewhere to go. Mirrors the mandatory objects of pkg/apis/flowcontrol/bootstrap of k8s.io/apiserver.
 */
import {
  type FlowSchema,
  FlowSchemas,
  type PriorityLevelConfiguration,
  PriorityLevelConfigurations,
} from '../../api/index.ts'

interface Mandatory {
  readonly schema: FlowSchema
  readonly level: PriorityLevelConfiguration
}

/** What is there until a cluster has objects that say the same. */
function mandatory(
  name: string,
  matchingPrecedence: number,
  groups: readonly string[],
  spec: PriorityLevelConfiguration['spec'],
): Mandatory {
  const anything = { verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'], clusterScope: true }
  return {
    schema: {
      apiVersion: FlowSchemas.apiVersion,
      kind: FlowSchemas.kind,
      metadata: { name },
      spec: {
        matchingPrecedence,
        priorityLevelConfiguration: { name },
        rules: [
          {
            subjects: groups.map(group => ({ kind: 'Group', group: { name: group } })),
            resourceRules: [anything],
            nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
          },
        ],
      },
      status: {},
    } as FlowSchema,
    level: {
      apiVersion: PriorityLevelConfigurations.apiVersion,
      kind: PriorityLevelConfigurations.kind,
      metadata: { name },
      spec,
      status: {},
    } as PriorityLevelConfiguration,
  }
}
export const EXEMPT = mandatory('exempt', 1, ['system:masters'], { type: 'Exempt' })
export const CATCH_ALL = mandatory('catch-all', 10_000, ['system:unauthenticated', 'system:authenticated'], {
  type: 'Limited',
  limited: { nominalConcurrencyShares: 5, limitResponse: { type: 'Reject' } },
})

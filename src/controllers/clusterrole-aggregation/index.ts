/**
 * Keeps the rules of a ClusterRole with an aggregationRule the union of those that its selectors find. Mirrors
 * `pkg/controller/clusterroleaggregation`.
 */
import { type ClusterRole, ClusterRoles, deepEqual, labelSelector } from '../../api/index.ts'
import { type CacheIndex, type Controller, DONE, type Outcome, type View } from '../../client/index.ts'

const FIELD_MANAGER = 'clusterrole-aggregation-controller'

const gathering: CacheIndex<ClusterRole> = {
  kind: ClusterRoles,
  name: 'gathering',
  values: role => (role.aggregationRule ? [''] : []),
  isSame: (next, old) => next.aggregationRule === old.aggregationRule,
}

export const clusterRoleAggregation: Controller<ClusterRole> = {
  name: 'clusterrole-aggregation',
  eventSource: FIELD_MANAGER,
  kind: ClusterRoles,
  isRelevant: role => role.aggregationRule !== undefined,
  watches: [
    {
      // Whatever changes may be part of any of them.
      kind: ClusterRoles,
      keys: (_role: ClusterRole, _old, _event, view) =>
        view.list(gathering, '').map(({ metadata }) => metadata.name),
    },
  ],
  indexes: [gathering],
  reconcile(role: ClusterRole | undefined, view: View): Outcome {
    if (!role?.aggregationRule) return DONE
    const rules = gathered(role, view.all(ClusterRoles))
    if (deepEqual(rules, role.rules ?? [])) return DONE
    const { apiVersion, kind } = ClusterRoles
    const { name } = role.metadata
    const patch = { apiVersion, kind, metadata: { name }, rules }
    const options = { patchType: 'apply', fieldManager: FIELD_MANAGER, force: true } as const
    return { intents: [{ do: 'patch', kind: ClusterRoles, namespace: '', name, patch, options }] }
  },
}

type Rules = NonNullable<ClusterRole['rules']>

/** Selector by selector, then by name, each rule once. */
function gathered(role: ClusterRole, all: readonly ClusterRole[]): Rules {
  const rules: Rules[number][] = []
  for (const selector of role.aggregationRule?.clusterRoleSelectors ?? []) {
    const { matches } = labelSelector(selector)
    for (const { metadata, rules: own = [] } of all) {
      if (metadata.name === role.metadata.name || !matches(metadata.labels ?? {})) continue
      for (const rule of own) if (!rules.some(known => deepEqual(known, rule))) rules.push(rule)
    }
  }
  return rules
}

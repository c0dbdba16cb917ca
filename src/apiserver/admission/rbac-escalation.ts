/**
 * Nobody grants what they have not, unless they may `escalate` roles or `bind` them. Mirrors the policy-based storage
 * of pkg/registry/rbac, which judges what mutating admission has made of the object, before it is validated. Here the
 * object is judged as it was sent and again as it is to be stored.
 */
import {
  type AnyKind,
  type Binding,
  type ClusterRole,
  ClusterRoleBindings,
  ClusterRoles,
  deepEqual,
  type KubeObject,
  type PolicyRule,
  type Role,
  RoleBindings,
  Roles,
  statuses,
} from '../../api/index.ts'
import { describeRules, quotedList, uncovered } from '../authorization/escalation.ts'
import type { AdmissionPlugin, AdmissionView, Attributes, Refusal } from './plugin.ts'
import { nameIn } from './plugin.ts'

const KINDS: ReadonlySet<AnyKind> = new Set([Roles, ClusterRoles, RoleBindings, ClusterRoleBindings])
const EVERYTHING: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
]

export const RBAC_ESCALATION: AdmissionPlugin = {
  name: 'RBACEscalation',
  handles: (kind, operation, subresource) =>
    KINDS.has(kind) && subresource === '' && (operation === 'CREATE' || operation === 'UPDATE'),
  admit: judge,
  validate: judge,
}

function judge(
  object: KubeObject | undefined,
  attributes: Attributes,
  view: AdmissionView,
): Refusal | undefined {
  if (!object) return undefined
  const isBinding = attributes.kind === RoleBindings || attributes.kind === ClusterRoleBindings
  return isBinding
    ? judgeBinding(object as Binding, attributes, view)
    : judgeRole(object as ClusterRole | Role, attributes, view)
}

function judgeRole(
  role: ClusterRole | Role,
  attributes: Attributes,
  view: AdmissionView,
): Refusal | undefined {
  const old = attributes.old as ClusterRole | undefined
  const { aggregationRule } = role as ClusterRole
  if (old && deepEqual(role.rules, old.rules) && deepEqual(aggregationRule, old.aggregationRule))
    return undefined
  // Who may escalate one role may change it: the URL of a creation names none.
  const name = attributes.operation === 'CREATE' ? '' : attributes.name
  if (may('escalate', attributes.kind, name, attributes, view)) return undefined
  if (aggregationRule && missing(EVERYTHING, attributes, view)) {
    return refusal(attributes, role, 'must have cluster-admin privileges to use an aggregationRule')
  }
  return confirm(role.rules ?? [], role, attributes, view)
}

function judgeBinding(binding: Binding, attributes: Attributes, view: AdmissionView): Refusal | undefined {
  const old = attributes.old as Binding | undefined
  if (old && deepEqual(grantOf(binding), grantOf(old))) return undefined
  const { roleRef } = binding
  // What is no role is for validation to refuse.
  if (roleRef?.kind !== 'Role' && roleRef?.kind !== 'ClusterRole') return undefined
  const isCluster = roleRef.kind === 'ClusterRole'
  const kind = isCluster ? ClusterRoles : Roles
  if (may('bind', kind, roleRef.name, attributes, view)) return undefined
  const role: Role | undefined = view.get<ClusterRole | Role>(
    kind as typeof Roles,
    isCluster ? '' : attributes.namespace,
    roleRef.name,
  )
  if (!role) return { refused: statuses.notFound(kind, roleRef.name) }
  return confirm(role.rules ?? [], binding, attributes, view)
}

/** All that a binding says, without what the garbage collector writes. */
function grantOf({ subjects, roleRef, metadata: { labels, annotations } }: Binding): object {
  return { subjects, roleRef, labels, annotations }
}

function may(
  verb: 'escalate' | 'bind',
  kind: AnyKind,
  name: string,
  { user, namespace }: Attributes,
  { authorizer }: AdmissionView,
): boolean {
  const { group, version, plural: resource } = kind
  const attributes = { verb, group, version, resource, subresource: '', namespace, name }
  return authorizer.decide(user, attributes).verdict === 'allow'
}

/** What of the rules whoever asks has not, and what went wrong when that was looked up. */
function missing(
  rules: readonly PolicyRule[],
  { user, namespace }: Attributes,
  { authorizer }: AdmissionView,
): { readonly rules: readonly PolicyRule[]; readonly error?: string } | undefined {
  const { resourceRules, nonResourceRules, error } = authorizer.rulesFor(user, namespace)
  const left = uncovered([...resourceRules, ...nonResourceRules], rules)
  return left.length > 0 ? { rules: left, ...(error && { error }) } : undefined
}

function confirm(
  rules: readonly PolicyRule[],
  object: KubeObject,
  attributes: Attributes,
  view: AdmissionView,
): Refusal | undefined {
  const lacking = missing(rules, attributes, view)
  if (!lacking) return undefined
  const { name, groups } = attributes.user
  const who = `user ${JSON.stringify(name)} (groups=${quotedList(groups)})`
  const errors = lacking.error ? `; resolution errors: [${lacking.error}]` : ''
  const what = `${who} is attempting to grant RBAC permissions not currently held:\n${describeRules(lacking.rules)}${errors}`
  return refusal(attributes, object, what)
}

function refusal(attributes: Attributes, object: KubeObject, why: string): Refusal {
  return { refused: statuses.forbidden(attributes.kind, nameIn(attributes, object), why) }
}

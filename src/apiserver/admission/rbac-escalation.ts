/**
 * Nobody grants what they have not, unless they may `escalate` roles or `bind` them. Mirrors the policy-based storage
 * of pkg/registry/rbac, which judges what mutating admission has made of the object, before it is validated.
 */
import {
  type AnyKind,
  ApiError,
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
  type Status,
  statuses,
} from '../../api/index.ts'
import { describeRules, quotedList, uncovered } from '../authorization/escalation.ts'
import type { AdmissionPlugin, AdmissionView, Attributes } from './plugin.ts'
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
  // Nothing is waited for; but whoever changes the object is, and comes before.
  waits: () => true,
  *admitWaiting(object, attributes, { admission }) {
    const refusal = object && judge(object, attributes, admission.view)
    if (refusal) throw new ApiError(refusal)
    return object
  },
}

function judge(object: KubeObject, attributes: Attributes, view: AdmissionView): Status | undefined {
  if (attributes.old && isOnlyForCollection(object, attributes.old)) return undefined
  const isBinding = attributes.kind === RoleBindings || attributes.kind === ClusterRoleBindings
  return isBinding
    ? judgeBinding(object as Binding, attributes, view)
    : judgeRole(object as ClusterRole | Role, attributes, view)
}

/** Whether nothing is changed but what the garbage collector writes: finalizers and owners. */
function isOnlyForCollection(object: KubeObject, old: KubeObject): boolean {
  return deepEqual(saidBy(object), saidBy(old))
}

/** All that a role or binding says. */
function saidBy(object: KubeObject): object {
  const { subjects, roleRef } = object as Partial<Binding>
  const { rules, aggregationRule } = object as ClusterRole
  const { labels, annotations } = object.metadata
  return { subjects, roleRef, rules, aggregationRule, labels, annotations }
}

function judgeRole(
  role: ClusterRole | Role,
  attributes: Attributes,
  view: AdmissionView,
): Status | undefined {
  // Who may escalate one role may change it, or make it by its URL: that of a POST names none.
  if (may('escalate', attributes.kind, attributes.urlName ?? attributes.name, attributes, view)) {
    return undefined
  }
  const refused = confirm(role.rules ?? [], role, attributes, view)
  if (refused) return refused
  const gathers = [role, attributes.old].some(one => isGathering(one as ClusterRole | undefined))
  return gathers && missing(EVERYTHING, attributes, view)
    ? refusal(attributes, role, 'must have cluster-admin privileges to use the aggregationRule')
    : undefined
}

/** What a role gathers may be anything, and what gathers cannot be made to say less. */
function isGathering(role: ClusterRole | undefined): boolean {
  return (role?.aggregationRule?.clusterRoleSelectors ?? []).length > 0
}

function judgeBinding(binding: Binding, attributes: Attributes, view: AdmissionView): Status | undefined {
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
  if (!role) return statuses.notFound(kind, roleRef.name)
  return confirm(role.rules ?? [], binding, attributes, view)
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
): Status | undefined {
  const lacking = missing(rules, attributes, view)
  if (!lacking) return undefined
  const { name, groups } = attributes.user
  const who = `user ${JSON.stringify(name)} (groups=${quotedList(groups)})`
  const errors = lacking.error ? `; resolution errors: [${lacking.error}]` : ''
  const what = `${who} is attempting to grant RBAC permissions not currently held:\n${describeRules(lacking.rules)}${errors}`
  return refusal(attributes, object, what)
}

function refusal(attributes: Attributes, object: KubeObject, why: string): Status {
  return statuses.forbidden(attributes.kind, nameIn(attributes, object), why)
}

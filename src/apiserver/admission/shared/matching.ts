/**
 * Which requests a policy or webhook is about: resource rules and selectors. Mirrors
 * `k8s.io/apiserver/pkg/admission/plugin/{policy/matching,webhook/predicates}`. `Equivalent` takes a rule for one
 * version of a resource to mean all of them.
 */
import { celAuthorizer, type KubeObject, labelSelector, Namespaces } from '../../../api/index.ts'
import type { AdmissionView, Attributes } from '../plugin.ts'

type Selector = Parameters<typeof labelSelector>[0]

export interface Rule {
  readonly apiGroups?: readonly string[]
  readonly apiVersions?: readonly string[]
  readonly operations?: readonly string[]
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly scope?: string
}

export interface MatchResources {
  readonly resourceRules?: readonly Rule[]
  readonly excludeResourceRules?: readonly Rule[]
  readonly namespaceSelector?: Selector
  readonly objectSelector?: Selector
  readonly matchPolicy?: string
}

/** Whether the request falls under the constraints; those that are absent hold. */
export function matches(
  constraints: MatchResources | undefined,
  object: KubeObject | undefined,
  attributes: Attributes,
  view: AdmissionView,
): boolean {
  if (!constraints) return true
  const { resourceRules, excludeResourceRules, matchPolicy, namespaceSelector, objectSelector } = constraints
  const isRuled = (rule: Rule) => matchesRule(rule, attributes, matchPolicy !== 'Exact')
  if (resourceRules && resourceRules.length > 0 && !resourceRules.some(isRuled)) return false
  if (excludeResourceRules?.some(isRuled)) return false
  return (
    matchesNamespace(namespaceSelector, object, attributes, view) &&
    matchesObject(objectSelector, object, attributes)
  )
}

function matchesRule(rule: Rule, attributes: Attributes, isEquivalent: boolean): boolean {
  const { kind, operation, subresource, name } = attributes
  const has = (list: readonly string[] | undefined, value: string) =>
    !!list && (list.includes('*') || list.includes(value))
  if (!has(rule.operations, operation) || !has(rule.apiGroups, kind.group)) return false
  if (!isEquivalent && !has(rule.apiVersions, kind.version)) return false
  if (rule.scope && rule.scope !== '*' && (rule.scope === 'Namespaced') !== kind.isNamespaced) return false
  if (rule.resourceNames && rule.resourceNames.length > 0 && !rule.resourceNames.includes(name)) return false
  return (rule.resources ?? []).some(pattern => {
    const [resource = '', sub = ''] = pattern.split('/')
    if (resource !== '*' && resource !== kind.plural) return false
    return sub === subresource || (sub === '*' && pattern.includes('/'))
  })
}

/** Requests on a namespace are judged by its own labels, those on what has none always match. */
function matchesNamespace(
  selector: Selector,
  object: KubeObject | undefined,
  { kind, namespace, old }: Attributes,
  view: AdmissionView,
): boolean {
  if (!selector || (!selector.matchLabels && !selector.matchExpressions)) return true
  const subject =
    kind === Namespaces
      ? (object ?? old)
      : kind.isNamespaced
        ? view.get(Namespaces, '', namespace)
        : undefined
  if (!subject) return !kind.isNamespaced
  return labelSelector(selector).matches(subject.metadata.labels)
}

function matchesObject(selector: Selector, object: KubeObject | undefined, { old }: Attributes): boolean {
  if (!selector || (!selector.matchLabels && !selector.matchExpressions)) return true
  const matcher = labelSelector(selector)
  return [object, old].some(one => one !== undefined && matcher.matches(one.metadata?.labels))
}

/** The request as expressions and webhooks see it: the fields of an AdmissionRequest but its objects. */
export function requestOf(attributes: Attributes) {
  const { kind, operation, subresource, namespace, name, user, isDryRun } = attributes
  const { group, version } = kind
  const kindName = attributes.bodyKind ?? { group, version, kind: kind.kind }
  const resource = { group, version, resource: kind.plural }
  return {
    kind: kindName,
    resource,
    ...(subresource && { subResource: subresource }),
    requestKind: kindName,
    requestResource: resource,
    ...(subresource && { requestSubResource: subresource }),
    ...(name && { name }),
    ...(namespace && { namespace }),
    operation,
    userInfo: {
      username: user.name,
      ...(user.uid && { uid: user.uid }),
      groups: user.groups,
    },
    dryRun: isDryRun,
  }
}

/** The variable `authorizer`: what the one who asks may. */
export function authorizerOf({ kind, subresource, namespace, name, user }: Attributes, view: AdmissionView) {
  const { group, plural: resource } = kind
  return celAuthorizer(view.authorizerFor(user), { group, resource, subresource, namespace, name })
}

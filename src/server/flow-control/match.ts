/**
 * Which requests a FlowSchema is for, and which flow of it they belong to. Mirrors rule.go of
 * k8s.io/apiserver/pkg/util/flowcontrol.
 */
import type {
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  ResourcePolicyRule,
  Subject,
} from 'kubernetes-types/flowcontrol/v1.js'
import type { FlowSchema } from '../../api/index.ts'
import type { UserInfo } from '../../client/index.ts'
import type { PathRoute, ResourceRoute, Route } from '../route.ts'

/** What is known of a request before anything is done about it. */
export interface FlowRequest {
  readonly user: UserInfo
  readonly route: Route
}

/** Whether one of the schema's rules is about the request. */
export function isFor({ spec }: FlowSchema, request: FlowRequest): boolean {
  return (spec.rules ?? []).some(rule => isRuleFor(rule, request))
}

/** What tells the flows of a schema apart: requests with the same text queue with each other. */
export function distinguisherOf({ spec }: FlowSchema, { user, route }: FlowRequest): string {
  switch (spec.distinguisherMethod?.type) {
    case 'ByUser':
      return user.name
    case 'ByNamespace':
      return route.isResource ? route.namespace : ''
    default:
      return ''
  }
}

function isRuleFor(rule: PolicyRulesWithSubjects, { user, route }: FlowRequest): boolean {
  if (!(rule.subjects ?? []).some(subject => isSubject(subject, user))) return false
  return route.isResource
    ? (rule.resourceRules ?? []).some(one => isResourceRuleFor(one, route))
    : (rule.nonResourceRules ?? []).some(one => isPathRuleFor(one, route))
}

function isSubject(subject: Subject, { name, groups }: UserInfo): boolean {
  const { user, group, serviceAccount } = subject
  if (user) return user.name === ANY || user.name === name
  if (group) return group.name === ANY || groups.includes(group.name)
  if (!serviceAccount) return false
  const prefix = `system:serviceaccount:${serviceAccount.namespace}:`
  return serviceAccount.name === ANY ? name.startsWith(prefix) : name === prefix + serviceAccount.name
}

function isResourceRuleFor(rule: ResourcePolicyRule, route: ResourceRoute): boolean {
  const resource = route.subresource ? `${route.resource}/${route.subresource}` : route.resource
  return (
    has(rule.verbs, route.verb) &&
    has(rule.resources, resource) &&
    has(rule.apiGroups, route.group) &&
    (route.namespace === '' ? rule.clusterScope === true : has(rule.namespaces ?? [], route.namespace))
  )
}

function isPathRuleFor(
  { verbs, nonResourceURLs }: NonResourcePolicyRule,
  { verb, path }: PathRoute,
): boolean {
  return (
    has(verbs, verb) &&
    nonResourceURLs.some(url => url === path || (url.endsWith(ANY) && path.startsWith(url.slice(0, -1))))
  )
}

const ANY = '*'

function has(list: readonly string[], one: string): boolean {
  return list.includes(ANY) || list.includes(one)
}

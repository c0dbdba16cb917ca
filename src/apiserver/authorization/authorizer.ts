/** Who may do what: the port. Mirrors `k8s.io/apiserver/pkg/authorization/authorizer`. */
import { type PolicyRule, type Status, statuses } from '../../api/index.ts'
import type { ApiRequest, UserInfo } from '../../client/index.ts'

/** What is to be done, in an authorizer's terms. */
export interface AccessAttributes {
  /** A request's verb, or one that only access is asked about: `impersonate`, `bind`, `approve`. */
  readonly verb: string
  /** Of a request about no resource: `/healthz`. The rest is then ''. */
  readonly path?: string
  readonly group: string
  readonly version?: string
  /** The plural. */
  readonly resource: string
  readonly subresource: string
  readonly namespace: string
  readonly name: string
  /** What a list or watch selects by. */
  readonly fieldSelector?: string
}

export interface Decision {
  /** No opinion, from every authorizer there is, comes to a denial. */
  readonly verdict: 'allow' | 'deny' | 'no opinion'
  /** `RBAC: allowed by ...`; of a denial often ''. */
  readonly reason: string
  /** What went wrong on the way: a role that is bound and missing. */
  readonly error?: string
}

/** All that somebody may do in a namespace, as far as can be told. */
export interface SubjectRules {
  readonly resourceRules: readonly PolicyRule[]
  readonly nonResourceRules: readonly PolicyRule[]
  readonly isIncomplete: boolean
  readonly error?: string
}

export interface Authorizer {
  /**
   * The short way for requests: undefined when allowed; otherwise why not, '' without a reason, to be put after
   * `is forbidden: User "..." cannot ...`.
   */
  refuse(user: UserInfo, request: ApiRequest): string | undefined
  decide(user: UserInfo, attributes: AccessAttributes): Decision
  rulesFor(user: UserInfo, namespace: string): SubjectRules
}

const ALLOWED: Decision = Object.freeze({ verdict: 'allow', reason: '' })
const ALL = ['*']

/** `--authorization-mode=AlwaysAllow` */
export const ALWAYS_ALLOW: Authorizer = Object.freeze({
  refuse: () => undefined,
  decide: () => ALLOWED,
  rulesFor: () => ({
    resourceRules: [{ verbs: ALL, apiGroups: ALL, resources: ALL }],
    nonResourceRules: [{ verbs: ALL, nonResourceURLs: ALL }],
    isIncomplete: false,
  }),
})

export function attributesOf({
  verb,
  kind,
  subresource,
  namespace,
  name,
  options,
}: ApiRequest): AccessAttributes {
  const { group, version, plural } = kind
  const { fieldSelector } = options
  return { verb, group, version, resource: plural, subresource, namespace, name, fieldSelector }
}

/** 403 in upstream's words (`responsewriters.Forbidden`). */
export function forbiddenStatus(user: UserInfo, attributes: AccessAttributes, reason: string): Status {
  const { verb, path, group, resource, subresource, namespace, name } = attributes
  const who = `User ${JSON.stringify(user.name)} cannot ${verb}`
  const why = reason ? `: ${reason}` : ''
  if (path !== undefined) {
    const status = statuses.forbidden({ group: '', plural: '', kind: '' }, '', '')
    return { ...status, details: {}, message: `forbidden: ${who} path ${JSON.stringify(path)}${why}` }
  }
  const what = subresource ? `${resource}/${subresource}` : resource
  const where = namespace ? `in the namespace ${JSON.stringify(namespace)}` : 'at the cluster scope'
  const message = `${who} resource ${JSON.stringify(what)} in API group ${JSON.stringify(group)} ${where}${why}`
  return statuses.forbidden({ group, plural: resource, kind: resource }, name, message)
}

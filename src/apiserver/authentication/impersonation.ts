/**
 * Acting as somebody else: whether one may, and who one is then. Mirrors the impersonation filter of
 * `k8s.io/apiserver/pkg/endpoints/filters`.
 */
import { type Status, statuses } from '../../api/index.ts'
import type { UserInfo } from '../../client/index.ts'
import { type AccessAttributes, type Authorizer, forbiddenStatus } from '../authorization/authorizer.ts'
import { readAccountName, serviceAccountGroups } from './service-account-names.ts'

/** What a client asks to be taken for: the `Impersonate-*` headers. '' and [] for those it did not send. */
export interface ImpersonationTarget {
  readonly name: string
  readonly groups: readonly string[]
  readonly uid?: string
  readonly extra?: Readonly<Record<string, readonly string[]>>
}

export type Impersonated =
  | { readonly ok: true; readonly user: UserInfo }
  | { readonly ok: false; readonly status: Status }

const ANONYMOUS = 'system:anonymous'
const AUTHENTICATED = 'system:authenticated'
const UNAUTHENTICATED = 'system:unauthenticated'
const AUTHENTICATION_GROUP = 'authentication.k8s.io'

/** Who `user` is from now on, or the 403 (400 for what is no target). */
export function impersonate(
  authorizer: Authorizer,
  user: UserInfo,
  target: ImpersonationTarget,
): Impersonated {
  const { name, groups, uid, extra } = target
  if (name === '') {
    return {
      ok: false,
      status: statuses.internalError(`requested ${JSON.stringify(target)} without impersonating a user`),
    }
  }
  for (const attributes of neededRights(target)) {
    const { verdict, reason } = authorizer.decide(user, attributes)
    if (verdict !== 'allow') return { ok: false, status: forbiddenStatus(user, attributes, reason) }
  }
  const account = readAccountName(name)
  const given = groups.length === 0 && account ? serviceAccountGroups(account.namespace) : groups
  const everyone = name === ANONYMOUS ? UNAUTHENTICATED : AUTHENTICATED
  const all = given.includes(everyone) ? given : [...given, everyone]
  return { ok: true, user: { name, groups: all, ...(uid && { uid }), ...(extra && { extra }) } }
}

function neededRights({ name, groups, uid, extra = {} }: ImpersonationTarget): AccessAttributes[] {
  const account = readAccountName(name)
  const right = (group: string, resource: string, one: string, more: Partial<AccessAttributes> = {}) => ({
    verb: 'impersonate',
    group,
    version: 'v1',
    resource,
    subresource: '',
    namespace: '',
    name: one,
    ...more,
  })
  return [
    account
      ? right('', 'serviceaccounts', account.name, { namespace: account.namespace })
      : right('', 'users', name),
    ...groups.map(group => right('', 'groups', group)),
    ...Object.entries(extra).flatMap(([key, values]) =>
      values.map(value => right(AUTHENTICATION_GROUP, 'userextras', value, { subresource: key })),
    ),
    ...(uid ? [right(AUTHENTICATION_GROUP, 'uids', uid)] : []),
  ]
}

/** Service accounts as users. Mirrors `k8s.io/apiserver/pkg/authentication/serviceaccount`. */

const PREFIX = 'system:serviceaccount:'
const ALL = 'system:serviceaccounts'
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/

export interface AccountName {
  readonly namespace: string
  readonly name: string
}

/** `system:serviceaccount:default:builder` */
export function accountUserName(namespace: string, name: string): string {
  return `${PREFIX}${namespace}:${name}`
}

/** The account that a user name is of; undefined for other users. */
export function readAccountName(userName: string): AccountName | undefined {
  if (!userName.startsWith(PREFIX)) return undefined
  const [namespace = '', name = '', ...more] = userName.slice(PREFIX.length).split(':')
  return more.length === 0 && LABEL.test(namespace) && SUBDOMAIN.test(name) ? { namespace, name } : undefined
}

/** The groups all accounts of a namespace are in; those of everybody who is authenticated come on top. */
export function serviceAccountGroups(namespace: string): string[] {
  return [ALL, `${ALL}:${namespace}`]
}

/** What a token of a service account claims, bound to an object or not. Mirrors `Claims` of pkg/serviceaccount. */
import type { KubeObject } from '../../api/index.ts'
import type { Claims, NamedReference } from './jwt.ts'
import { accountUserName } from './service-account-names.ts'

/** What a token is good as long as: at most a pod with its node, a node or a Secret. */
export interface Bound {
  readonly pod?: NamedReference
  readonly node?: NamedReference
  readonly secret?: NamedReference
}

export interface ClaimsInput {
  readonly account: KubeObject
  readonly bound: Bound
  readonly audiences: readonly string[]
  /** The API server's own. */
  readonly apiAudiences: readonly string[]
  readonly seconds: number
  readonly issuedMs: number
  /** `jti` */
  readonly id: string
}

/** The request of the projected volume that every pod gets: its token lasts a year for old clients' sake. */
const INJECTED_SECONDS = 3607
const YEAR_SECONDS = 365 * 24 * 3600

export function serviceAccountClaims(input: ClaimsInput): Omit<Claims, 'iss'> {
  const { account, bound, audiences, apiAudiences, seconds, issuedMs, id } = input
  const { name, namespace = '' } = account.metadata
  const now = Math.floor(issuedMs / 1000)
  const isExtended =
    seconds === INJECTED_SECONDS &&
    bound.pod !== undefined &&
    audiences.every(one => apiAudiences.includes(one))
  return {
    aud: audiences,
    exp: now + (isExtended ? YEAR_SECONDS : seconds),
    iat: now,
    jti: id,
    'kubernetes.io': {
      namespace,
      ...bound,
      serviceaccount: referenceTo(account),
      ...(isExtended && { warnafter: now + seconds }),
    },
    nbf: now,
    sub: accountUserName(namespace, name),
  }
}

/** The binding to a pod, which binds to its node too when it has one. */
export function boundToPod(pod: KubeObject, node: KubeObject | undefined): Bound {
  return { ...(node && { node: referenceTo(node) }), pod: referenceTo(pod) }
}

export function referenceTo({ metadata }: KubeObject): NamedReference {
  return { name: metadata.name, uid: metadata.uid }
}

/**
 * Bearer tokens: of service accounts, good as long as what they are bound to exists, and of machines that join the
 * cluster. Mirrors pkg/serviceaccount and plugin/pkg/auth/authenticator/token/bootstrap.
 */
import {
  type AnyKind,
  decodeBase64,
  type KubeObject,
  Nodes,
  Pods,
  type Secret,
  Secrets,
  type ServiceAccount,
  ServiceAccounts,
} from '../../api/index.ts'
import type { UserInfo } from '../../client/index.ts'
import type { Authenticated, Authenticator } from './authenticator.ts'
import { type Claims, decodeToken, encodeToken, type NamedReference } from './jwt.ts'
import { SECRET_ISSUER, type SecretClaims, secretTokenUser } from './secret-tokens.ts'
import { accountUserName, serviceAccountGroups } from './service-account-names.ts'
import type { TokenSigner } from './token-signer.ts'

/** `--service-account-issuer` of kubeadm; tokens are for it unless somebody says otherwise. */
const ISSUER = 'https://kubernetes.default.svc.cluster.local'

/** What tokens are checked against. */
export interface TokenView {
  readonly nowMs: () => number
  get(kind: AnyKind, namespace: string, name: string): KubeObject | undefined
}

type Verdict = Authenticated | { readonly error: string } | undefined

const EXTRA = 'authentication.kubernetes.io/'

export class TokenAuthenticator implements Authenticator {
  readonly apiAudiences: readonly string[] = Object.freeze([ISSUER])
  readonly #signer: TokenSigner
  readonly #view: TokenView

  constructor(signer: TokenSigner, view: TokenView) {
    this.#signer = signer
    this.#view = view
  }

  issue(claims: Omit<Claims, 'iss'>): string {
    return encodeToken({ ...claims, iss: ISSUER }, this.#signer)
  }

  authenticate(token: string, audiences: readonly string[]): Verdict {
    const bootstrap = /^([a-z0-9]{6})\.([a-z0-9]{16})$/.exec(token)
    if (bootstrap) return this.#bootstrap(bootstrap[1]!, bootstrap[2]!)
    const claims = decodeToken(token, this.#signer)
    if (!claims) return undefined
    if (claims.iss === SECRET_ISSUER) return this.#secretToken(token, claims as SecretClaims, audiences)
    return this.#boundToken(claims as Claims, audiences)
  }

  #secretToken(token: string, claims: SecretClaims, audiences: readonly string[]): Verdict {
    const namespace = claims['kubernetes.io/serviceaccount/namespace']
    const { get } = this.#view
    const verdict = secretTokenUser(
      token,
      claims,
      get(Secrets, namespace, claims['kubernetes.io/serviceaccount/secret.name']) as Secret | undefined,
      get(ServiceAccounts, namespace, claims['kubernetes.io/serviceaccount/service-account.name']) as
        | ServiceAccount
        | undefined,
    )
    if ('problem' in verdict) return { error: `[invalid bearer token, ${verdict.problem}]` }
    return forAudiences(verdict.user, this.apiAudiences, audiences)
  }

  #boundToken(claims: Claims, audiences: readonly string[]): Verdict {
    const problem = this.#problem(claims)
    if (problem) return { error: `[invalid bearer token, ${problem}]` }
    return forAudiences(userOf(claims), claims.aud ?? this.apiAudiences, audiences)
  }

  /** Why claims with a good signature do not hold here and now. */
  #problem(claims: Claims): string | undefined {
    const seconds = this.#view.nowMs() / 1000
    if (claims.iss !== ISSUER) return 'the token is of another issuer'
    if (claims.exp !== undefined && claims.exp <= seconds) return 'service account token has expired'
    if (claims.nbf !== undefined && claims.nbf > seconds) return 'service account token is not valid yet'
    const { namespace, serviceaccount, pod, node, secret } = claims['kubernetes.io']
    const isThere = (kind: AnyKind, home: string, wanted: NamedReference | undefined) => {
      if (!wanted) return true
      const metadata = this.#view.get(kind, home, wanted.name)?.metadata
      const { deletionTimestamp } = metadata ?? {}
      const isGone =
        deletionTimestamp !== undefined && Date.parse(deletionTimestamp) < this.#view.nowMs() - LEEWAY_MS
      return metadata?.uid === wanted.uid && !isGone
    }
    if (!isThere(ServiceAccounts, namespace, serviceaccount))
      return 'service account token has been invalidated'
    if (!isThere(Secrets, namespace, secret)) return 'service account token has been invalidated'
    if (!isThere(Pods, namespace, pod)) return 'service account token has been invalidated'
    if (!pod && !isThere(Nodes, '', node)) return 'service account token has been invalidated'
    return undefined
  }

  #bootstrap(id: string, wanted: string): Verdict {
    const secret = this.#view.get(Secrets, 'kube-system', `bootstrap-token-${id}`) as Secret | undefined
    if (secret?.type !== 'bootstrap.kubernetes.io/token' || secret.metadata.deletionTimestamp)
      return undefined
    const field = (name: string) => decodeBase64(secret.data?.[name] ?? '')
    if (field('token-id') !== id || field('token-secret') !== wanted) return undefined
    const expiration = field('expiration')
    if (expiration && !(Date.parse(expiration) > this.#view.nowMs())) return undefined
    if (field('usage-bootstrap-authentication') !== 'true') return undefined
    const extra = field('auth-extra-groups')
      .split(',')
      .filter(group => group.startsWith('system:bootstrappers:'))
    const user = { name: `system:bootstrap:${id}`, groups: ['system:bootstrappers', ...extra, AUTHENTICATED] }
    return { user, audiences: this.apiAudiences }
  }
}

const AUTHENTICATED = 'system:authenticated'
/** What is being deleted still counts for so long after it should be gone. */
const LEEWAY_MS = 60_000

/** `own` are the token's. */
function forAudiences(user: UserInfo, own: readonly string[], wanted: readonly string[]): Verdict {
  const audiences = wanted.filter(audience => own.includes(audience))
  if (audiences.length > 0) return { user, audiences }
  const [have, want] = [own, wanted].map(list => JSON.stringify(list).replaceAll(',', ' '))
  const why = `token audiences ${have} is invalid for the target audiences ${want}`
  return { error: `[invalid bearer token, ${why}]` }
}

function userOf(claims: Claims): UserInfo {
  const { namespace, serviceaccount, pod, node } = claims['kubernetes.io']
  const extra: Record<string, readonly string[]> = {}
  if (claims.jti) extra[`${EXTRA}credential-id`] = [`JTI=${claims.jti}`]
  for (const [name, reference] of Object.entries({ pod, node })) {
    if (!reference) continue
    extra[`${EXTRA}${name}-name`] = [reference.name]
    extra[`${EXTRA}${name}-uid`] = [reference.uid]
  }
  return {
    name: accountUserName(namespace, serviceaccount.name),
    uid: serviceaccount.uid,
    groups: [...serviceAccountGroups(namespace), AUTHENTICATED],
    extra,
  }
}

/** `/.well-known/openid-configuration`; `server` is the URL that clients outside know the server by. */
export function openidConfiguration(signer: TokenSigner, server: string): object {
  return {
    issuer: ISSUER,
    jwks_uri: `${server}/openid/v1/jwks`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [signer.algorithm],
  }
}

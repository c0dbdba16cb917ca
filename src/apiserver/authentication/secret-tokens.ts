/**
 * Tokens without an end, which Secrets of type `kubernetes.io/service-account-token` hold. Mirrors pkg/serviceaccount's
 * legacy tokens; when they were last used is not noted on their Secrets.
 */
import { decodeBase64, type Secret, type ServiceAccount } from '../../api/index.ts'
import type { UserInfo } from '../../client/index.ts'
import { encodeToken } from './jwt.ts'
import { accountUserName, serviceAccountGroups } from './service-account-names.ts'
import type { TokenSigner } from './token-signer.ts'

export const SECRET_ISSUER = 'kubernetes/serviceaccount'

/** What such a token claims. */
export interface SecretClaims {
  readonly iss: typeof SECRET_ISSUER
  readonly 'kubernetes.io/serviceaccount/namespace': string
  readonly 'kubernetes.io/serviceaccount/secret.name': string
  readonly 'kubernetes.io/serviceaccount/service-account.name': string
  readonly 'kubernetes.io/serviceaccount/service-account.uid': string
  readonly sub: string
}

/** The token of a Secret; the same whenever it is made. */
export function secretToken(signer: TokenSigner, account: ServiceAccount, secret: Secret): string {
  const { name, namespace = '', uid } = account.metadata
  const claims: SecretClaims = {
    iss: SECRET_ISSUER,
    'kubernetes.io/serviceaccount/namespace': namespace,
    'kubernetes.io/serviceaccount/secret.name': secret.metadata.name,
    'kubernetes.io/serviceaccount/service-account.name': name,
    'kubernetes.io/serviceaccount/service-account.uid': uid,
    sub: accountUserName(namespace, name),
  }
  return encodeToken(claims, signer)
}

export type SecretVerdict = { readonly user: UserInfo } | { readonly problem: string }

/** Whose a token with a good signature is, by its Secret and account as they are now. */
export function secretTokenUser(
  token: string,
  claims: SecretClaims,
  secret: Secret | undefined,
  account: ServiceAccount | undefined,
): SecretVerdict {
  const uid = claims['kubernetes.io/serviceaccount/service-account.uid']
  const namespace = claims['kubernetes.io/serviceaccount/namespace']
  const name = claims['kubernetes.io/serviceaccount/service-account.name']
  if (!secret || secret.metadata.deletionTimestamp) return { problem: 'Token has been invalidated' }
  if (decodeBase64(secret.data?.token ?? '') !== token) {
    return { problem: "Token does not match server's copy" }
  }
  if (!account || account.metadata.deletionTimestamp) {
    return { problem: `ServiceAccount ${namespace}/${name} has been deleted` }
  }
  if (account.metadata.uid !== uid) {
    return { problem: `ServiceAccount UID (${account.metadata.uid}) does not match claim (${uid})` }
  }
  const groups = [...serviceAccountGroups(namespace), 'system:authenticated']
  return { user: { name: accountUserName(namespace, name), uid, groups } }
}

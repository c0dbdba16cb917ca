/** Whose a bearer token is: the port. Mirrors `k8s.io/apiserver/pkg/authentication/authenticator`. */
import type { UserInfo } from '../../client/index.ts'

/** What a token that was accepted says. */
export interface Authenticated {
  readonly user: UserInfo
  /** Which of the wanted audiences the token is for. */
  readonly audiences: readonly string[]
}

export interface Authenticator {
  /** Those a token must be for when nobody says otherwise. */
  readonly apiAudiences: readonly string[]
  /** Undefined for a token that is nobody's, as a text why it is not good. Pure, as of now. */
  authenticate(
    token: string,
    audiences: readonly string[],
  ): Authenticated | { readonly error: string } | undefined
}

/** Without tokens. */
export const NO_TOKENS: Authenticator = Object.freeze({
  apiAudiences: Object.freeze(['https://kubernetes.default.svc.cluster.local']),
  authenticate: () => undefined,
})

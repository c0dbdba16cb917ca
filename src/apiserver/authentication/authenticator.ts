/** Whose a bearer token is: the port. Mirrors `k8s.io/apiserver/pkg/authentication/authenticator`. */
import type { UserInfo } from '../../client/index.ts'
import type { Claims } from './jwt.ts'

/** What a token that was accepted says. */
export interface Authenticated {
  readonly user: UserInfo
  /** Which of the wanted audiences the token is for. */
  readonly audiences: readonly string[]
}

export interface Authenticator {
  /** A signed token that says so. */
  issue(claims: Omit<Claims, 'iss'>): string
  /** Those a token must be for when nobody says otherwise. */
  readonly apiAudiences: readonly string[]
  /** Undefined for a token that is nobody's, as a text why it is not good. Pure, as of now. */
  authenticate(
    token: string,
    audiences: readonly string[],
  ): Authenticated | { readonly error: string } | undefined
}

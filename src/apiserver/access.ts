/** Who is asking and what they may do: what the door, the pipeline and the reviews share. */
import type { Authenticator } from './authentication/authenticator.ts'
import type { Authorizer } from './authorization/authorizer.ts'

export interface Access {
  readonly authorizer: Authorizer
  readonly authenticator: Authenticator
}

/** Whose a bearer token is. Mirrors pkg/registry/authentication/tokenreview. */
import { type KubeObject, type TokenReview, TokenReviews } from '../../api/index.ts'
import type { UserInfo } from '../../client/index.ts'
import { type Core, refuse, statuses } from '../core.ts'
import type { VirtualHandler } from './handler.ts'
import { emptyMetadata } from './metadata.ts'

export const TOKEN_REVIEW: VirtualHandler = {
  kind: TokenReviews,
  answer: (core, _call, asked) => review(core, asked),
}

function review({ access }: Core, asked: KubeObject): object {
  const { spec, ...rest } = asked as TokenReview
  if (!spec?.token) return refuse(statuses.badRequest('token is required for TokenReview in authentication'))
  const { authenticator } = access
  const wanted = spec.audiences?.length ? spec.audiences : authenticator.apiAudiences
  const found = authenticator.authenticate(spec.token, wanted)
  const answer = { ...rest, metadata: emptyMetadata(asked), spec }
  if (!found) return { ...answer, status: { user: {} } }
  if ('error' in found) return { ...answer, status: { user: {}, error: found.error } }
  const status = { authenticated: true, user: userInfo(found.user), audiences: found.audiences }
  return { ...answer, status }
}

/** A user as the authentication API writes one down. */
export function userInfo({ name, uid, groups, extra }: UserInfo): object {
  return { username: name, ...(uid && { uid }), groups, ...(extra && { extra }) }
}

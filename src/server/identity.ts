/**
 * Who asks: the certificate of the connection, else a bearer token, else nobody in particular; and whom they pretend
 * to be. Mirrors the x509, bearer token, anonymous and impersonation filters of k8s.io/apiserver.
 */
import type { TLSSocket } from 'node:tls'
import { ApiError } from '../api/index.ts'
import { type ApiServer, UNAUTHORIZED } from '../apiserver/index.ts'
import type { UserInfo } from '../client/index.ts'
import { type Exchange, TOKEN_PROTOCOL } from './exchange.ts'

/** What the API server knows about tokens and about who may be taken for whom. */
export type Authenticator = Pick<ApiServer, 'authenticateToken' | 'authorizeImpersonation'>

/** The user of a request. Throws ApiError 401 or 403. */
export function identify(exchange: Exchange, authenticator: Authenticator): UserInfo {
  const user = authenticate(exchange, authenticator)
  const target = impersonated(exchange)
  if (!target) return user
  const result = authenticator.authorizeImpersonation(user, target)
  if (!result.ok) throw new ApiError(result.status)
  return result.user
}

function authenticate(exchange: Exchange, authenticator: Authenticator): UserInfo {
  const fromCertificate = certificateUser(exchange)
  if (fromCertificate) return fromCertificate
  const token = bearerToken(exchange)
  if (token === undefined) return ANONYMOUS
  const user = authenticator.authenticateToken(token)
  if (!user) throw new ApiError(UNAUTHORIZED)
  return withGroup(user, AUTHENTICATED)
}

const AUTHENTICATED = 'system:authenticated'

const ANONYMOUS: UserInfo = Object.freeze({
  name: 'system:anonymous',
  groups: Object.freeze(['system:unauthenticated']),
})

/** Users by connection: a certificate is looked at once. */
const users = new WeakMap<object, UserInfo>()

/** Whom the connection's certificate names. Throws ApiError 401 for one that another authority signed. */
function certificateUser({ incoming }: Exchange): UserInfo | undefined {
  // Over HTTP/2 every request sees its connection through a socket of its own.
  const { stream } = incoming as { stream?: { readonly session?: object } }
  const connection = stream?.session ?? incoming.socket
  const known = users.get(connection)
  if (known) return known
  const socket = incoming.socket as TLSSocket
  if (typeof socket.getPeerCertificate !== 'function') return undefined
  const { subject } = socket.getPeerCertificate() ?? {}
  if (!subject) return undefined
  if (!socket.authorized) throw new ApiError(UNAUTHORIZED)
  const organisations = subject.O as string | readonly string[] | undefined
  const groups = organisations === undefined ? [] : [organisations].flat()
  const user = withGroup({ name: String(subject.CN ?? ''), groups }, AUTHENTICATED)
  users.set(connection, user)
  return user
}

/** From the header, or from a WebSocket's subprotocol, as browsers send it. */
function bearerToken(exchange: Exchange): string | undefined {
  const match = /^Bearer\s+(\S+)\s*$/i.exec(exchange.header('authorization') ?? '')
  if (match) return match[1]
  const protocols = exchange.header('sec-websocket-protocol')?.split(',') ?? []
  const carrier = protocols.map(text => text.trim()).find(text => text.startsWith(TOKEN_PROTOCOL))
  if (carrier === undefined) return undefined
  // The token is not said back, and something must be.
  if (exchange.subprotocols.length === 0) throw new ApiError(UNAUTHORIZED)
  return Buffer.from(carrier.slice(TOKEN_PROTOCOL.length), 'base64url').toString()
}

/** Whom the `Impersonate-*` headers name; without a name when only the others are there. */
function impersonated(
  exchange: Exchange,
): Parameters<Authenticator['authorizeImpersonation']>[1] | undefined {
  const name = exchange.header('impersonate-user') ?? ''
  const groups = exchange.headers('impersonate-group')
  const uid = exchange.header('impersonate-uid')
  const extra = extraOf(exchange)
  if (name === '' && groups.length === 0 && !uid && !extra) return undefined
  return { name, groups, ...(uid && { uid }), ...(extra && { extra }) }
}

function extraOf(exchange: Exchange): UserInfo['extra'] {
  const extra: Record<string, readonly string[]> = {}
  for (const header of Object.keys(exchange.incoming.headers)) {
    if (!header.startsWith(EXTRA)) continue
    extra[unescaped(header.slice(EXTRA.length)).toLowerCase()] = exchange.headers(header)
  }
  return Object.keys(extra).length > 0 ? extra : undefined
}
const EXTRA = 'impersonate-extra-'

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function withGroup(user: UserInfo, group: string): UserInfo {
  return user.groups.includes(group) ? user : { ...user, groups: [...user.groups, group] }
}

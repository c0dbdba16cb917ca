/** JSON Web Tokens (RFC 7519) in their compact form, as far as service accounts need them. */
import { decodeBase64, encodeBase64Url } from '../../api/index.ts'
import type { SecretClaims } from './secret-tokens.ts'
import type { TokenSigner } from './token-signer.ts'

/** What a service account token claims; times in seconds since the Unix epoch. */
export interface Claims {
  readonly aud: readonly string[]
  readonly exp: number
  readonly iat: number
  readonly iss: string
  readonly jti: string
  readonly nbf: number
  readonly sub: string
  readonly 'kubernetes.io': {
    readonly namespace: string
    readonly serviceaccount: NamedReference
    readonly pod?: NamedReference
    readonly node?: NamedReference
    readonly secret?: NamedReference
    /** When whoever still uses it is to be warned. */
    readonly warnafter?: number
  }
}

export interface NamedReference {
  readonly name: string
  readonly uid: string
}

export function encodeToken(claims: object, signer: TokenSigner): string {
  const header = { alg: signer.algorithm, kid: signer.keyId }
  const signed = `${encodePart(header)}.${encodePart(claims)}`
  return `${signed}.${signer.sign(signed)}`
}

/** The claims of a token with a good signature of ours; undefined for every other text. */
export function decodeToken(token: string, signer: TokenSigner): Claims | SecretClaims | undefined {
  const [header = '', claims = '', signature = '', ...more] = token.split('.')
  if (more.length > 0 || signature === '' || token.length > MOST_CHARACTERS) return undefined
  const { alg, kid } = (decodePart(header) ?? {}) as { alg?: string; kid?: string }
  if (alg !== signer.algorithm || kid !== signer.keyId) return undefined
  if (!signer.verify(`${header}.${claims}`, signature)) return undefined
  return decodePart(claims) as Claims | SecretClaims | undefined
}

const MOST_CHARACTERS = 16_384

function encodePart(part: object): string {
  return encodeBase64Url(new TextEncoder().encode(JSON.stringify(part)))
}

function decodePart(part: string): unknown {
  try {
    return JSON.parse(decodeBase64(part.replace(/-/g, '+').replace(/_/g, '/')))
  } catch {
    return undefined
  }
}

/**
 * Signing of service account tokens: the port, and a portable signer for clusters nobody outside talks to. Its key
 * is no secret: whoever runs the simulation can read it.
 */
import { encodeBase64Url } from '../../api/index.ts'
import { hmacSha256 } from '../../sim/index.ts'

export interface TokenSigner {
  /** The `alg` of a JWT's header. */
  readonly algorithm: string
  readonly keyId: string
  /** The signature of a text, base64url. */
  sign(text: string): string
  verify(text: string, signature: string): boolean
  /** The public keys, as `/openid/v1/jwks` shows them. */
  jwks(): { readonly keys: readonly object[] }
}

const KEY = new TextEncoder().encode('kubarium')

/** HMAC-SHA-256 with a key that is the same everywhere. */
export const PORTABLE_SIGNER: TokenSigner = Object.freeze({
  algorithm: 'HS256',
  keyId: 'portable',
  sign: (text: string) => encodeBase64Url(hmac(text)),
  verify: (text: string, signature: string) => encodeBase64Url(hmac(text)) === signature,
  jwks: () => ({ keys: [] }),
})

function hmac(text: string): Uint8Array {
  return hmacSha256(KEY, new TextEncoder().encode(text))
}

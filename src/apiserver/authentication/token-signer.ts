/**
 * Signing of service account tokens: the port, and a portable signer for clusters nobody outside talks to. Its key
 * is no secret: whoever runs the simulation can read it.
 */
import { sha256 } from '../../sim/index.ts'

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

const BLOCK_BYTES = 64
const KEY = new TextEncoder().encode('kubarium')

/** HMAC-SHA-256 with a key that is the same everywhere. */
export const PORTABLE_SIGNER: TokenSigner = Object.freeze({
  algorithm: 'HS256',
  keyId: 'portable',
  sign: (text: string) => base64Url(hmac(text)),
  verify: (text: string, signature: string) => base64Url(hmac(text)) === signature,
  jwks: () => ({ keys: [] }),
})

function hmac(text: string): Uint8Array {
  const [inner, outer] = [new Uint8Array(BLOCK_BYTES).fill(0x36), new Uint8Array(BLOCK_BYTES).fill(0x5c)]
  for (let i = 0; i < KEY.length; i++) {
    inner[i]! ^= KEY[i]!
    outer[i]! ^= KEY[i]!
  }
  return sha256(joined(outer, sha256(joined(inner, new TextEncoder().encode(text)))))
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const all = new Uint8Array(a.length + b.length)
  all.set(a)
  all.set(b, a.length)
  return all
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

function base64Url(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const bits = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    const letters = Math.min(4, bytes.length - i + 1)
    for (let n = 0; n < letters; n++) text += ALPHABET[(bits >> (18 - 6 * n)) & 63]
  }
  return text
}

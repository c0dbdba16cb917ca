/** Signs service account tokens with an RSA key made for this run (RS256), as kube-apiserver does. */
import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto'
import type { TokenSigner } from '../apiserver/index.ts'

const BITS = 2048

export function rsaTokenSigner(): TokenSigner {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: BITS })
  const der = publicKey.export({ type: 'spki', format: 'der' })
  const keyId = createHash('sha256').update(der).digest('base64url')
  const { n, e } = publicKey.export({ format: 'jwk' })
  return {
    algorithm: 'RS256',
    keyId,
    sign: text => sign('sha256', Buffer.from(text), privateKey).toString('base64url'),
    verify: (text, signature) =>
      verify('sha256', Buffer.from(text), publicKey, Buffer.from(signature, 'base64url')),
    jwks: () => ({ keys: [{ use: 'sig', kty: 'RSA', kid: keyId, alg: 'RS256', n, e }] }),
  }
}

/** Signs service account tokens with an RSA key made for this run (RS256), as kube-apiserver does. */
import { createHash, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import type { TokenSigner } from '../apiserver/index.ts'

const BITS = 2048

interface Key {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly id: string
}

/** The key is made when the first token is: that takes longer than a cluster's start. */
export function rsaTokenSigner(): TokenSigner {
  let made: Key | undefined
  const key = () => {
    made ??= makeKey()
    return made
  }
  return {
    algorithm: 'RS256',
    get keyId() {
      return key().id
    },
    sign: text => sign('sha256', Buffer.from(text), key().privateKey).toString('base64url'),
    verify(text, signature) {
      return verify('sha256', Buffer.from(text), key().publicKey, Buffer.from(signature, 'base64url'))
    },
    jwks() {
      const { n, e } = key().publicKey.export({ format: 'jwk' })
      return { keys: [{ use: 'sig', kty: 'RSA', kid: key().id, alg: 'RS256', n, e }] }
    },
  }
}

function makeKey(): Key {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: BITS })
  const der = publicKey.export({ type: 'spki', format: 'der' })
  return { privateKey, publicKey, id: createHash('sha256').update(der).digest('base64url') }
}

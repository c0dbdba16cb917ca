/**
 * Chain names as kube-proxy makes them: a prefix and sixteen letters of a SHA-256 in base 32, so that any name
 * fits into the kernel's 28 characters.
 */
import { sha256 } from '../../sim/index.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

function hashed(prefix: string, text: string): string {
  const digest = sha256(new TextEncoder().encode(text))
  let letters = ''
  let buffer = 0
  let bits = 0
  for (let i = 0; letters.length < 16; i++) {
    buffer = (buffer << 8) | digest[i]!
    bits += 8
    while (bits >= 5 && letters.length < 16) {
      bits -= 5
      letters += ALPHABET[(buffer >>> bits) & 31]
    }
    buffer &= (1 << bits) - 1
  }
  return prefix + letters
}

/** `servicePort` is `namespace/name` or `namespace/name:port`; protocol in lower case. */
export const serviceChain = (servicePort: string, protocol: string) =>
  hashed('KUBE-SVC-', servicePort + protocol)

/** The chain that only knows endpoints on the node itself (traffic policy Local). */
export const localChain = (servicePort: string, protocol: string) =>
  hashed('KUBE-SVL-', servicePort + protocol)

/** The chain for traffic that comes from outside the cluster. */
export const externalChain = (servicePort: string, protocol: string) =>
  hashed('KUBE-EXT-', servicePort + protocol)

/** `endpoint` is `ip:port`. */
export const endpointChain = (servicePort: string, protocol: string, endpoint: string) =>
  hashed('KUBE-SEP-', servicePort + protocol + endpoint)

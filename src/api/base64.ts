/** Texts in base64 (RFC 4648, as Secrets hold them), without the platform's help: the core runs in browsers too. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** The base64 of a text's UTF-8. */
export function encodeBase64(text: string): string {
  return encodeBase64Bytes(new TextEncoder().encode(text))
}

/** The base64 of bytes in the alphabet for URLs, without padding (JSON Web Tokens). */
export function encodeBase64Url(bytes: Uint8Array): string {
  return encodeBase64Bytes(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

function encodeBase64Bytes(bytes: Uint8Array): string {
  let encoded = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const bits = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    for (let shift = 18; shift >= 0; shift -= 6) encoded += ALPHABET[(bits >> shift) & 63]
  }
  const surplus = (3 - (bytes.length % 3)) % 3
  return surplus === 0 ? encoded : encoded.slice(0, -surplus) + '='.repeat(surplus)
}

/** The text whose UTF-8 a base64 value holds; what is not base64 is skipped. */
export function decodeBase64(text: string): string {
  return new TextDecoder().decode(decodeBase64Bytes(text))
}

/** The bytes of a base64 value, likewise. */
export function decodeBase64Bytes(text: string): Uint8Array {
  const decoded: number[] = []
  let bits = 0
  let count = 0
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter)
    if (value < 0) continue
    bits = (bits << 6) | value
    count += 6
    if (count < 8) continue
    count -= 8
    decoded.push((bits >> count) & 255)
  }
  return new Uint8Array(decoded)
}

/** Base64 to text, without the platform's help (the core runs in browsers and in Node alike). */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** UTF-8 text of a base64 value; what is not base64 is skipped. */
export function decodeBase64(text: string): string {
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
  return new TextDecoder().decode(new Uint8Array(decoded))
}

/**
 * Texts as the bytes they stand for, and back. Programs work with texts; a byte that is no UTF-8 becomes a lone
 * surrogate (U+DC80 to U+DCFF, as in Python's `surrogateescape`), so that archives and binaries pass unharmed.
 */
const ESCAPE = 0xdc00

/** The bytes of a text. */
export function toBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(byteLength(text))
  let at = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) {
      bytes[at++] = unit
      continue
    }
    const code = text.codePointAt(i)!
    if (code >= ESCAPE + 0x80 && code <= ESCAPE + 0xff) bytes[at++] = code - ESCAPE
    else if (code < 0x800) bytes[at++] = 0xc0 | (code >> 6)
    else if (code < 0x10000) {
      bytes[at++] = 0xe0 | (code >> 12)
      bytes[at++] = 0x80 | ((code >> 6) & 63)
    } else {
      bytes[at++] = 0xf0 | (code >> 18)
      bytes[at++] = 0x80 | ((code >> 12) & 63)
      bytes[at++] = 0x80 | ((code >> 6) & 63)
      i++
    }
    if (code < ESCAPE + 0x80 || code > ESCAPE + 0xff) bytes[at++] = 0x80 | (code & 63)
  }
  return bytes
}

/** How many bytes a text takes. */
export function byteLength(text: string): number {
  let length = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x80 || (code >= ESCAPE + 0x80 && code <= ESCAPE + 0xff && !isLow(text, i))) length++
    else if (code < 0x800) length += 2
    else if (isHigh(code) && isLow(text, i + 1)) {
      length += 4
      i++
    } else length += 3
  }
  return length
}

const isHigh = (code: number) => code >= 0xd800 && code <= 0xdbff
/** Whether the second half of a pair stands there. */
function isLow(text: string, i: number): boolean {
  const code = text.charCodeAt(i)
  return code >= 0xdc00 && code <= 0xdfff && i > 0 && isHigh(text.charCodeAt(i - 1))
}

/** The text of whole bytes. */
export function fromBytes(bytes: Uint8Array): string {
  const decoder = new ByteDecoder()
  return decoder.decode(bytes) + decoder.end()
}

/** Decodes a stream whose chunks may end within a letter. */
export class ByteDecoder {
  #rest: number[] = []

  decode(chunk: Uint8Array): string {
    const bytes = this.#rest.length > 0 ? [...this.#rest, ...chunk] : chunk
    this.#rest = []
    let text = ''
    let i = 0
    while (i < bytes.length) {
      const first = bytes[i]!
      if (first < 0x80) {
        const end = plainEnd(bytes, i)
        text += Reflect.apply(String.fromCharCode, undefined, bytes.slice(i, end))
        i = end
        continue
      }
      const length =
        first >= 0xf0 && first < 0xf5
          ? 4
          : first >= 0xe0 && first < 0xf0
            ? 3
            : first >= 0xc2 && first < 0xe0
              ? 2
              : 1
      let follows = 1
      while (follows < length && i + follows < bytes.length && (bytes[i + follows]! & 0xc0) === 0x80)
        follows++
      if (length > 1 && follows < length && i + follows === bytes.length) {
        this.#rest = [...bytes.slice(i)]
        break
      }
      const code = length > 1 && follows === length ? decodeOne(bytes, i, length) : -1
      text += code < 0 ? String.fromCharCode(ESCAPE + first) : String.fromCodePoint(code)
      i += code < 0 ? 1 : length
    }
    return text
  }

  /** What was left of a letter that never came whole. */
  end(): string {
    const text = this.#rest.map(byte => String.fromCharCode(ESCAPE + byte)).join('')
    this.#rest = []
    return text
  }
}

/** Letters made of plain bytes at once: a long text is not a chain of single letters. */
const MOST_AT_ONCE = 4096

/** Where the plain bytes that start at `from` end, or enough of them. */
function plainEnd(bytes: ArrayLike<number>, from: number): number {
  const most = Math.min(bytes.length, from + MOST_AT_ONCE)
  let end = from + 1
  while (end < most && bytes[end]! < 0x80) end++
  return end
}

/** The code point, or -1 for what UTF-8 forbids: overlong forms and surrogates. */
function decodeOne(bytes: ArrayLike<number>, at: number, length: number): number {
  let code = bytes[at]! & (0xff >> (length + 1))
  for (let i = 1; i < length; i++) code = (code << 6) | (bytes[at + i]! & 63)
  const least = length === 2 ? 0x80 : length === 3 ? 0x800 : 0x10000
  return code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? -1 : code
}

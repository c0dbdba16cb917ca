/** ASN.1 in DER (X.690), read as far as certificate requests need it: definite lengths, tags below 31. */

export interface DerNode {
  /** The identifier octet: `0x30` for a SEQUENCE. */
  readonly tag: number
  readonly content: Uint8Array
  /** Identifier, length and content: what a signature is made over. */
  readonly whole: Uint8Array
}

export const TAG = Object.freeze({
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  sequence: 0x30,
  set: 0x31,
  /** `[0]` of a constructed type. */
  context0: 0xa0,
})

/** What is no DER. */
export class DerError extends Error {
  override readonly name = 'DerError'
}

/** The one value that fills the bytes. Throws DerError. */
export function readDer(bytes: Uint8Array): DerNode {
  const nodes = readAll(bytes)
  if (nodes.length !== 1) throw new DerError('asn1: syntax error: trailing data')
  return nodes[0]!
}

/** The values within a constructed one, `tag` being what it must be. Throws DerError. */
export function childrenOf(node: DerNode | undefined, tag: number = TAG.sequence): DerNode[] {
  return readAll(expectTag(node, tag).content)
}

export function expectTag(node: DerNode | undefined, tag: number): DerNode {
  if (!node) throw new DerError('asn1: syntax error: sequence truncated')
  if (node.tag !== tag) throw new DerError("asn1: structure error: tags don't match")
  return node
}

/** `1.2.840.113549.1.1.11` */
export function objectIdentifier(node: DerNode | undefined): string {
  const { content } = expectTag(node, TAG.objectIdentifier)
  const [first = 0] = content
  const parts = [Math.min(Math.floor(first / 40), 2)]
  parts.push(first - parts[0]! * 40)
  let value = 0
  for (const byte of content.subarray(1)) {
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) {
      parts.push(value)
      value = 0
    }
  }
  return parts.join('.')
}

/** The bytes of a BIT STRING that is made of whole ones. */
export function bitString(node: DerNode | undefined): Uint8Array {
  return expectTag(node, TAG.bitString).content.subarray(1)
}

/** An INTEGER that is not negative. */
export function integer(node: DerNode | undefined): bigint {
  return unsigned(expectTag(node, TAG.integer).content)
}

/** Bytes as a number, most significant first. */
export function unsigned(bytes: Uint8Array): bigint {
  let digits = ''
  for (const byte of bytes) digits += byte.toString(16).padStart(2, '0')
  return digits === '' ? 0n : BigInt(`0x${digits}`)
}

function readAll(bytes: Uint8Array): DerNode[] {
  const nodes: DerNode[] = []
  let at = 0
  while (at < bytes.length) {
    const start = at
    const tag = bytes[at++]!
    let length = bytes[at++] ?? 0
    if (length > 0x80) {
      const count = length & 0x7f
      if (count > 4) throw new DerError('asn1: structure error: length too large')
      length = 0
      for (let i = 0; i < count; i++) length = length * 256 + (bytes[at++] ?? 0)
    } else if (length === 0x80) throw new DerError('asn1: syntax error: indefinite length found (not DER)')
    const end = at + length
    if (end > bytes.length) throw new DerError('asn1: syntax error: data truncated')
    nodes.push({ tag, content: bytes.subarray(at, end), whole: bytes.subarray(start, end) })
    at = end
  }
  return nodes
}

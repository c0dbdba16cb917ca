/** The wire format of protobuf, read from front to back. Whatever is cut short or senseless throws. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError'
}

export class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  tag(): { readonly number: number; readonly wire: number } {
    const tag = Number(this.#varint())
    return { number: Math.floor(tag / 8), wire: tag % 8 }
  }

  /** A whole number, signed; beyond 2^53 it loses precision as in JSON. */
  integer(wire: number): number {
    if (wire === 0) return Number(BigInt.asIntN(64, this.#varint()))
    throw wrongType(wire)
  }

  double(wire: number): number {
    if (wire !== 1) throw wrongType(wire)
    return this.#take(8).readDoubleLE(0)
  }

  bytes(wire = 2): Buffer {
    if (wire !== 2) throw wrongType(wire)
    return this.#take(Number(this.#varint()))
  }

  text(wire = 2): string {
    const bytes = this.bytes(wire)
    try {
      return UTF8.decode(bytes)
    } catch {
      throw new ProtobufError('a text is not valid UTF-8')
    }
  }

  /** The message that comes next. */
  nested(wire = 2): Reader {
    return new Reader(this.bytes(wire))
  }

  skip(wire: number): void {
    if (wire === 0) this.#varint()
    else if (wire === 1) this.#take(8)
    else if (wire === 2) this.bytes()
    else if (wire === 5) this.#take(4)
    else throw wrongType(wire)
  }

  #take(length: number): Buffer {
    if (length > this.#bytes.length - this.#at) throw new ProtobufError('it is cut short')
    const part = this.#bytes.subarray(this.#at, this.#at + length)
    this.#at += length
    return part
  }

  #varint(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw new ProtobufError('it is cut short')
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    throw new ProtobufError('a number is too long')
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })

function wrongType(wire: number): ProtobufError {
  return new ProtobufError(`a field has the wrong wire type ${wire}`)
}

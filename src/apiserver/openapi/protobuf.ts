/**
 * The OpenAPI v2 document in gnostic's protobuf form (`application/com.github.proto-openapi.spec.v2@v1.0+protobuf`),
 * which kubectl before 1.30 insists on. Only the messages and fields that our document has; numbers are those of
 * gnostic's OpenAPIv2.proto. Maps become lists of named values there, and extensions YAML, of which JSON is a part.
 */

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
type Fields = { readonly [key: string]: Json }

/** Writes one message; strings and messages have their length before them. */
class Writer {
  #bytes = new Uint8Array(1024)
  #length = 0

  /** A field of wire type 2. Empty texts are kept: the caller leaves out what is absent. */
  text(field: number, value: string): void {
    this.bytes(field, ENCODER.encode(value))
  }

  bytes(field: number, value: Uint8Array): void {
    this.#varint((field << 3) | 2)
    this.#varint(value.length)
    this.#reserve(value.length)
    this.#bytes.set(value, this.#length)
    this.#length += value.length
  }

  flag(field: number, value: boolean): void {
    if (!value) return
    this.#varint(field << 3)
    this.#varint(1)
  }

  /** A whole number, not negative. */
  whole(field: number, value: number): void {
    this.#varint(field << 3)
    this.#varint(value)
  }

  double(field: number, value: number): void {
    this.#varint((field << 3) | 1)
    this.#reserve(8)
    new DataView(this.#bytes.buffer).setFloat64(this.#length, value, true)
    this.#length += 8
  }

  message(field: number, write: (inner: Writer) => void): void {
    const inner = new Writer()
    write(inner)
    this.bytes(field, inner.finish())
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  #varint(value: number): void {
    this.#reserve(10)
    let rest = value
    while (rest > 127) {
      this.#bytes[this.#length++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    this.#bytes[this.#length++] = rest
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count))
    grown.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = grown
  }
}

const ENCODER = new TextEncoder()

/** The bytes of a document made by `openapiV2`. */
export function encodeDocument(document: object): Uint8Array {
  const { swagger, info, paths, definitions } = document as Record<string, Fields>
  const writer = new Writer()
  writer.text(1, String(swagger))
  writer.message(2, inner => {
    inner.text(1, String(info!.title))
    inner.text(2, String(info!.version))
  })
  writer.message(8, inner => named(inner, 2, paths!, writePath))
  writer.message(9, inner => named(inner, 1, definitions!, writeSchema))
  return writer.finish()
}

/** A map as repeated messages of a name and a value. */
function named(
  writer: Writer,
  field: number,
  map: Fields,
  write: (inner: Writer, value: Fields) => void,
): void {
  for (const [name, value] of Object.entries(map)) {
    writer.message(field, entry => {
      entry.text(1, name)
      entry.message(2, inner => write(inner, value as Fields))
    })
  }
}

function extensions(writer: Writer, field: number, from: Fields): void {
  for (const [name, value] of Object.entries(from)) {
    if (!name.startsWith('x-')) continue
    writer.message(field, entry => {
      entry.text(1, name)
      entry.message(2, inner => inner.text(2, JSON.stringify(value)))
    })
  }
}

const METHODS: Readonly<Record<string, number>> = { get: 2, put: 3, post: 4, delete: 5, patch: 8 }

function writePath(writer: Writer, path: Fields): void {
  for (const [method, field] of Object.entries(METHODS)) {
    const operation = path[method]
    if (operation) writer.message(field, inner => writeOperation(inner, operation as Fields))
  }
  for (const parameter of (path.parameters ?? []) as readonly Fields[]) {
    writer.message(9, inner => writeParameter(inner, parameter))
  }
}

function writeOperation(writer: Writer, operation: Fields): void {
  for (const tag of operation.tags as readonly string[]) writer.text(1, tag)
  writer.text(3, String(operation.description))
  writer.text(5, String(operation.operationId))
  for (const type of operation.produces as readonly string[]) writer.text(6, type)
  for (const type of operation.consumes as readonly string[]) writer.text(7, type)
  for (const parameter of operation.parameters as readonly Fields[]) {
    writer.message(8, inner => writeParameter(inner, parameter))
  }
  writer.message(9, responses => {
    for (const [code, response] of Object.entries(operation.responses as Fields)) {
      responses.message(1, entry => {
        entry.text(1, code)
        entry.message(2, value => value.message(1, inner => writeResponse(inner, response as Fields)))
      })
    }
  })
  extensions(writer, 13, operation)
}

function writeResponse(writer: Writer, { description, schema }: Fields): void {
  writer.text(1, String(description))
  if (schema) writer.message(2, item => item.message(1, inner => writeSchema(inner, schema as Fields)))
}

/** Where a parameter that is no body says what it is. */
const PARAMETER_FIELDS = {
  path: { choice: 4, type: 5, isUnique: 19 },
  query: { choice: 3, type: 6, isUnique: 20 },
} as const

function writeParameter(item: Writer, parameter: Fields): void {
  const { name, required, description, schema, type } = parameter
  const place = parameter.in as 'path' | 'query' | 'body'
  item.message(1, writer => {
    if (place === 'body') {
      writer.message(1, body => {
        body.text(2, String(name))
        body.text(3, 'body')
        body.flag(4, required === true)
        body.message(5, inner => writeSchema(inner, schema as Fields))
      })
      return
    }
    const fields = PARAMETER_FIELDS[place]
    writer.message(2, other =>
      other.message(fields.choice, inner => {
        inner.flag(1, required === true)
        inner.text(2, place)
        inner.text(3, String(description))
        inner.text(4, String(name))
        inner.text(fields.type, String(type))
        inner.flag(fields.isUnique, true)
      }),
    )
  })
}

const TEXTS: Readonly<Record<string, number>> = { $ref: 1, format: 2, title: 3, description: 4, pattern: 13 }
const DOUBLES: Readonly<Record<string, number>> = { multipleOf: 6, maximum: 7, minimum: 9 }
const FLAGS: Readonly<Record<string, number>> = { exclusiveMaximum: 8, exclusiveMinimum: 10, uniqueItems: 16 }
const WHOLES: Readonly<Record<string, number>> = {
  maxLength: 11,
  minLength: 12,
  maxItems: 14,
  minItems: 15,
  maxProperties: 17,
  minProperties: 18,
}

function writeSchema(writer: Writer, schema: Fields): void {
  for (const [name, value] of Object.entries(schema)) {
    if (TEXTS[name]) writer.text(TEXTS[name], String(value))
    else if (DOUBLES[name]) writer.double(DOUBLES[name], Number(value))
    else if (FLAGS[name]) writer.flag(FLAGS[name], value === true)
    else if (WHOLES[name]) writer.whole(WHOLES[name], Number(value))
  }
  for (const field of (schema.required ?? []) as readonly string[]) writer.text(19, field)
  for (const value of (schema.enum ?? []) as readonly Json[]) {
    writer.message(20, inner => inner.text(2, JSON.stringify(value)))
  }
  const { additionalProperties, type, items, properties } = schema
  if (additionalProperties) {
    writer.message(21, item => item.message(1, inner => writeSchema(inner, additionalProperties as Fields)))
  }
  if (type) writer.message(22, inner => inner.text(1, String(type)))
  if (items) writer.message(23, list => list.message(1, inner => writeSchema(inner, items as Fields)))
  if (properties) writer.message(25, inner => named(inner, 1, properties as Fields, writeSchema))
  extensions(writer, 31, schema)
}

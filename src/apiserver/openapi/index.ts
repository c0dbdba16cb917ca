/**
 * OpenAPI of what the API server serves, versions 2 and 3, for `kubectl explain`, field validation and diff. The published
 * definitions come in as data; custom kinds add theirs. Documents are made when asked for and kept until the kinds
 * change.
 */
import type { Scheme } from '../../api/index.ts'
import { type Definitions, SchemaSet } from './definitions.ts'
import { encodeDocument } from './protobuf.ts'
import { v2Document } from './v2.ts'
import { v3Document, v3Index } from './v3.ts'

export type { Definition, Definitions } from './definitions.ts'

/** What the documents are made of. */
export interface OpenApiOptions {
  readonly scheme: Scheme
  readonly definitions: Definitions
  /** Changes when the definitions do. */
  readonly definitionsHash: string
}

export class OpenApi {
  readonly #options: OpenApiOptions
  /** What the documents were made of: kinds, and the definitions that custom ones came from. */
  #madeOf: readonly unknown[] = []
  readonly #made = new Map<string, unknown>()

  constructor(options: OpenApiOptions) {
    this.#options = options
  }

  /** `/openapi/v2` as JSON text. */
  v2(): string {
    return this.#once('v2', () => JSON.stringify(this.#v2()))
  }

  /** `/openapi/v2` as gnostic's protobuf. */
  v2Protobuf(): Uint8Array {
    return this.#once('v2 protobuf', () => encodeDocument(this.#v2()))
  }

  /** `/openapi/v3` as JSON text. */
  v3Index(): string {
    const { scheme, definitionsHash } = this.#options
    return this.#once('v3', () => JSON.stringify(v3Index(scheme, definitionsHash)))
  }

  /** `/openapi/v3/apis/<group>/<version>` as JSON text, by `apps/v1`; undefined when nothing is served there. */
  v3(groupVersion: string): string | undefined {
    return this.#once(`v3 ${groupVersion}`, () => {
      const document = v3Document(this.#options.scheme, this.#schemas(), groupVersion)
      return document && JSON.stringify(document)
    })
  }

  #v2(): object {
    return this.#once('v2 document', () => v2Document(this.#options.scheme, this.#schemas()))
  }

  #schemas(): SchemaSet {
    const { definitions, scheme } = this.#options
    return this.#once('schemas', () => new SchemaSet(definitions, scheme.kinds))
  }

  #once<T>(name: string, make: () => T): T {
    const madeOf = this.#options.scheme.kinds.map(kind => kind.definedBy ?? kind)
    if (madeOf.length !== this.#madeOf.length || madeOf.some((one, at) => one !== this.#madeOf[at])) {
      this.#madeOf = madeOf
      this.#made.clear()
    }
    if (!this.#made.has(name)) this.#made.set(name, make())
    return this.#made.get(name) as T
  }
}

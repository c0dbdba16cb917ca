/**
 * The schemas of a scheme's kinds: the published ones of built-in kinds, handed in as data, and those of custom kinds,
 * made from their structural schemas as apiextensions-apiserver's builder makes them.
 */
import type { AnyKind, CustomResourceDefinition } from '../../api/index.ts'
import type { GroupVersionKind } from '../discovery/index.ts'

/** One schema: OpenAPI v2's words, references being full names without a path. */
export interface Definition {
  readonly description?: string
  readonly type?: string
  readonly format?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly items?: Definition
  readonly additionalProperties?: Definition | boolean
  readonly properties?: Readonly<Record<string, Definition>>
  readonly required?: readonly string[]
  readonly $ref?: string
  readonly [keyword: string]: unknown
}

/** By full name, `io.k8s.api.apps.v1.Deployment`. */
export type Definitions = Readonly<Record<string, Definition>>

export const GVK_EXTENSION = 'x-kubernetes-group-version-kind'
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1'
export const STATUS = `${META}.Status`
export const DELETE_OPTIONS = `${META}.DeleteOptions`
export const PATCH = `${META}.Patch`

/** The structural schema of a custom kind; undefined for built-in ones, and where the definition has none. */
export function customSchemaOf({ definedBy, version }: AnyKind): Definition | undefined {
  const spec = (definedBy as CustomResourceDefinition | undefined)?.spec
  const found = spec?.versions.find(candidate => candidate.name === version)
  return found?.schema?.openAPIV3Schema as Definition | undefined
}

/** Definitions found by what they describe, with those of custom kinds among them. */
export class SchemaSet {
  readonly #definitions = new Map<string, Definition>()
  readonly #names = new Map<string, string>()

  constructor(published: Definitions, kinds: readonly AnyKind[]) {
    for (const [name, definition] of Object.entries(published)) {
      this.#definitions.set(name, definition)
      const described = definition[GVK_EXTENSION] as readonly GroupVersionKind[] | undefined
      for (const each of described ?? []) this.#names.set(keyOf(each), name)
    }
    for (const kind of kinds) {
      if (this.#names.has(keyOf(kind))) continue
      const name = customName(kind)
      this.#names.set(keyOf(kind), name)
      this.#names.set(keyOf({ ...kind, kind: `${kind.kind}List` }), `${name}List`)
      this.#definitions.set(name, customDefinition(kind, customSchemaOf(kind)))
      this.#definitions.set(`${name}List`, customList(kind, name))
    }
  }

  /** The full name of the type of a kind, if one is known. */
  nameOf(kind: GroupVersionKind): string | undefined {
    return this.#names.get(keyOf(kind))
  }

  /** What the names reach, sorted by name. */
  closure(names: Iterable<string>): Record<string, Definition> {
    const found = new Map<string, Definition>()
    const visit = (name: string) => {
      const definition = this.#definitions.get(name)
      if (!definition || found.has(name)) return
      found.set(name, definition)
      for (const reference of referencesIn(definition)) visit(reference)
    }
    for (const name of names) visit(name)
    return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
  }
}

const keyOf = ({ group, version, kind }: GroupVersionKind) => `${group}/${version}/${kind}`

function* referencesIn(schema: Definition): Generator<string> {
  if (schema.$ref !== undefined) yield schema.$ref
  if (schema.items) yield* referencesIn(schema.items)
  if (typeof schema.additionalProperties === 'object') yield* referencesIn(schema.additionalProperties)
  for (const below of Object.values(schema.properties ?? {})) yield* referencesIn(below)
}

/** `stable.example.com/v1 CronTab` is `com.example.stable.v1.CronTab`. */
function customName({ group, version, kind }: AnyKind): string {
  return `${group.split('.').reverse().join('.')}.${version}.${kind}`
}

const described = (description: string, rest: Definition): Definition => ({ description, ...rest })

const API_VERSION = described(
  'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources',
  { type: 'string' },
)
const KIND = described(
  'Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
  { type: 'string' },
)
const METADATA = described(
  "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
  { $ref: `${META}.ObjectMeta` },
)

function customDefinition(kind: AnyKind, schema: Definition | undefined): Definition {
  const identity = { [GVK_EXTENSION]: [{ group: kind.group, kind: kind.kind, version: kind.version }] }
  if (!schema) return { type: 'object', ...identity }
  const properties = { ...schema.properties, apiVersion: API_VERSION, kind: KIND, metadata: METADATA }
  return { ...schema, type: 'object', properties: sortedByKey(properties), ...identity }
}

function customList(kind: AnyKind, name: string): Definition {
  return {
    description: `${kind.kind}List is a list of ${kind.kind}`,
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: API_VERSION,
      items: {
        description: `List of ${kind.plural}. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md`,
        type: 'array',
        items: { $ref: name },
      },
      kind: KIND,
      metadata: described(
        'Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
        { $ref: `${META}.ListMeta` },
      ),
    },
    [GVK_EXTENSION]: [{ group: kind.group, kind: `${kind.kind}List`, version: kind.version }],
  }
}

function sortedByKey<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}

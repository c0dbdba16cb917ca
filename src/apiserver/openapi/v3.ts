/** `/openapi/v3`: an index, and one document a group version. Mirrors k8s.io/kube-openapi/pkg/handler3 and builder3. */
import { type AnyKind, groupsOf, type Scheme } from '../../api/index.ts'
import { sha256 } from '../../sim/index.ts'
import {
  customSchemaOf,
  DELETE_OPTIONS,
  type Definition,
  GVK_EXTENSION,
  type SchemaSet,
} from './definitions.ts'
import { type Operation, type PathEntry, pathsOf } from './operations.ts'
import { QUERY } from './parameters.ts'

/** The name a group version has in the index: `api/v1`, `apis/apps/v1`. */
function v3Name(group: string, version: string): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`
}

/**
 * `/openapi/v3`. The hash in every link changes when the document may have: clients keep what they have by it.
 * `dataHash` names the published definitions.
 */
export function v3Index(scheme: Scheme, dataHash: string): object {
  const paths: Record<string, object> = {}
  for (const { group, versions } of groupsOf(scheme)) {
    for (const version of versions) {
      const name = v3Name(group, version)
      const apiVersion = group === '' ? version : `${group}/${version}`
      const kinds = scheme.kinds.filter(kind => kind.apiVersion === apiVersion)
      const hash = hashOf(kinds, dataHash)
      paths[name] = { serverRelativeURL: `/openapi/v3/${name}?hash=${hash}` }
    }
  }
  return { paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1))) }
}

function hashOf(kinds: readonly AnyKind[], dataHash: string): string {
  const facts = kinds.map(kind => [
    kind.plural,
    kind.kind,
    kind.hasStatus,
    kind.schema ? 0 : customSchemaOf(kind),
  ])
  const digest = sha256(new TextEncoder().encode(JSON.stringify([dataHash, facts])))
  return [...digest.subarray(0, 16)].map(byte => byte.toString(16).padStart(2, '0').toUpperCase()).join('')
}

/** `/openapi/v3/apis/<group>/<version>`; undefined when nothing is served there. */
export function v3Document(scheme: Scheme, schemas: SchemaSet, apiVersion: string): object | undefined {
  const kinds = scheme.kinds.filter(kind => kind.apiVersion === apiVersion)
  if (kinds.length === 0) return undefined
  const entries = kinds.flatMap(kind => pathsOf(kind, schemas))
  const names = new Set([DELETE_OPTIONS])
  for (const kind of kinds) for (const name of namesOf(kind, schemas)) names.add(name)
  for (const { operations } of entries) {
    for (const { body, answer } of operations) for (const name of [body, answer]) if (name) names.add(name)
  }
  const definitions = Object.entries(schemas.closure(names))
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.33.0' },
    paths: Object.fromEntries(
      entries.sort((a, b) => (a.path < b.path ? -1 : 1)).map(e => [e.path, v3Path(e)]),
    ),
    components: {
      schemas: Object.fromEntries(definitions.map(([name, schema]) => [name, v3Schema(schema)])),
    },
  }
}

/** What a kind's documents are about: itself and its list. */
export function namesOf(kind: AnyKind, schemas: SchemaSet): string[] {
  const { group, version } = kind
  const names = [schemas.nameOf(kind), schemas.nameOf({ group, version, kind: `${kind.kind}List` })]
  return names.filter(name => name !== undefined)
}

const refTo = (name: string) => ({ $ref: `#/components/schemas/${name}` })

function v3Path({ path, operations }: PathEntry): object {
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    description:
      name === 'namespace'
        ? 'object name and auth scope, such as for teams and projects'
        : 'name of the object',
    required: true,
    schema: { type: 'string', uniqueItems: true },
  }))
  return {
    ...Object.fromEntries(operations.map(operation => [operation.method, v3Operation(operation)])),
    ...(parameters.length > 0 && { parameters }),
  }
}

const PATCHES = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
]
const ANSWERS = ['application/json', 'application/yaml']

function v3Operation(operation: Operation): object {
  const { id, description, action, kind, body, answer } = operation
  const content = (types: readonly string[], name: string) =>
    Object.fromEntries(types.map(type => [type, { schema: refTo(name) }]))
  const types = action === 'patch' ? PATCHES : ['*/*']
  return {
    tags: [tagOf(kind.group, kind.version)],
    description,
    operationId: id,
    parameters: QUERY[action]!.map(({ name, type, description: text }) => ({
      name,
      in: 'query',
      description: text,
      schema: { type, uniqueItems: true },
    })),
    ...(body && { requestBody: { content: content(types, body), required: action !== 'delete' } }),
    responses: {
      200: { description: 'OK', ...(answer && { content: content(ANSWERS, answer) }) },
      401: { description: 'Unauthorized' },
    },
    'x-kubernetes-action': action,
    [GVK_EXTENSION]: { group: kind.group, kind: kind.kind, version: kind.version },
  }
}

/** `apps_v1`, `core_v1` */
export function tagOf(group: string, version: string): string {
  return `${(group || 'core').replace('.k8s.io', '').split('.')[0]}_${version}`
}

/** References that say something of themselves are wrapped, and what may be a number or a text says so. */
function v3Schema(schema: Definition): object {
  const { $ref, items, additionalProperties, properties, ...rest } = schema
  if ($ref !== undefined)
    return Object.keys(rest).length === 0 ? refTo($ref) : { ...rest, allOf: [refTo($ref)] }
  return {
    ...rest,
    ...(rest.format === 'int-or-string' && {
      type: undefined,
      oneOf: [{ type: 'integer' }, { type: 'string' }],
    }),
    ...(items && { items: v3Schema(items) }),
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === 'boolean' ? additionalProperties : v3Schema(additionalProperties),
    }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, below]) => [name, v3Schema(below)]),
      ),
    }),
  }
}

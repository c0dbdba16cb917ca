/**
 * Every path of a kind and what can be done there, in words common to both versions of OpenAPI. Mirrors the
 * APIInstaller of k8s.io/apiserver/pkg/endpoints.
 */
import { type AnyKind, verbsOf } from '../../api/index.ts'
import { type GroupVersionKind, subresourcesOf } from '../discovery/index.ts'
import { DELETE_OPTIONS, PATCH, type SchemaSet, STATUS } from './definitions.ts'

export type Method = 'get' | 'put' | 'post' | 'delete' | 'patch'

/** One operation. `body` and `answer` are names of definitions; without an answer it is a stream or a text. */
export interface Operation {
  readonly method: Method
  readonly id: string
  readonly description: string
  /** `x-kubernetes-action` */
  readonly action: string
  readonly kind: GroupVersionKind
  readonly body?: string
  readonly answer?: string
}

/** One path with its operations; `{name}` and `{namespace}` in it are its parameters. */
export interface PathEntry {
  readonly path: string
  readonly operations: readonly Operation[]
}

interface Verb {
  readonly verb: string
  readonly method: Method
  readonly action: string
  /** How the operation's id begins. */
  readonly name: string
  readonly does: string
}

const ON_COLLECTION: readonly Verb[] = [
  { verb: 'list', method: 'get', action: 'list', name: 'list', does: 'list or watch objects of kind' },
  { verb: 'create', method: 'post', action: 'post', name: 'create', does: 'create' },
  {
    verb: 'deletecollection',
    method: 'delete',
    action: 'deletecollection',
    name: 'deleteCollection',
    does: 'delete collection of',
  },
]
const ON_OBJECT: readonly Verb[] = [
  { verb: 'get', method: 'get', action: 'get', name: 'read', does: 'read the specified' },
  { verb: 'update', method: 'put', action: 'put', name: 'replace', does: 'replace the specified' },
  { verb: 'patch', method: 'patch', action: 'patch', name: 'patch', does: 'partially update the specified' },
  { verb: 'delete', method: 'delete', action: 'delete', name: 'delete', does: 'delete' },
]
const ON_SUBRESOURCE: readonly Verb[] = [
  ...ON_OBJECT,
  { verb: 'create', method: 'post', action: 'post', name: 'create', does: 'create' },
]

/** The paths of a kind, sorted. */
export function pathsOf(kind: AnyKind, schemas: SchemaSet): PathEntry[] {
  const root = kind.group === '' ? `/api/${kind.version}` : `/apis/${kind.apiVersion}`
  const base = kind.isNamespaced ? `${root}/namespaces/{namespace}/${kind.plural}` : `${root}/${kind.plural}`
  const verbs = new Set(verbsOf(kind))
  const make = (verb: Verb, suffix = '') => operation(kind, verb, schemas, suffix)
  const entries: PathEntry[] = []
  const add = (path: string, operations: readonly Operation[]) => {
    if (operations.length > 0) entries.push({ path, operations })
  }
  add(
    base,
    ON_COLLECTION.filter(({ verb }) => verbs.has(verb)).map(verb => make(verb)),
  )
  if (kind.isNamespaced && verbs.has('list')) {
    add(`${root}/${kind.plural}`, [make(ON_COLLECTION[0]!, 'ForAllNamespaces')])
  }
  add(
    `${base}/{name}`,
    ON_OBJECT.filter(({ verb }) => verbs.has(verb)).map(verb => make(verb)),
  )
  for (const subresource of subresourcesOf(kind)) {
    const operations = ON_SUBRESOURCE.filter(({ verb }) => subresource.verbs.includes(verb))
    const suffix = capitalised(subresource.name)
    add(
      `${base}/{name}/${subresource.name}`,
      operations.map(verb => subresourceOperation(kind, subresource.responseKind, verb, schemas, suffix)),
    )
  }
  return entries
}

function operation(kind: AnyKind, verb: Verb, schemas: SchemaSet, suffix: string): Operation {
  const own = schemas.nameOf(kind)
  const list = schemas.nameOf({ group: kind.group, version: kind.version, kind: `${kind.kind}List` })
  const { body, answer } = bodies(verb.action, own, list)
  return {
    method: verb.method,
    id: idOf(kind, verb, suffix),
    description: `${verb.does} ${article(verb)}${kind.kind}`,
    action: verb.action,
    kind: { group: kind.group, version: kind.version, kind: kind.kind },
    ...(body && { body }),
    ...(answer && { answer }),
  }
}

function subresourceOperation(
  kind: AnyKind,
  type: GroupVersionKind,
  verb: Verb,
  schemas: SchemaSet,
  suffix: string,
): Operation {
  const name = schemas.nameOf(type)
  const id = idOf(kind, verb, suffix)
  const description = `${verb.does} ${suffix.toLowerCase()} of the specified ${kind.kind}`
  if (!name || suffix === 'Log') {
    const action = suffix === 'Log' ? 'get' : 'connect'
    return { method: verb.method, id, description, action, kind: type }
  }
  const { body, answer } = bodies(verb.action, name, name)
  return {
    method: verb.method,
    id,
    description,
    action: verb.action,
    kind: type,
    ...(body && { body }),
    ...(answer && { answer }),
  }
}

function bodies(action: string, own?: string, list?: string): { body?: string; answer?: string } {
  switch (action) {
    case 'list':
      return { answer: list }
    case 'post':
    case 'put':
      return { body: own, answer: own }
    case 'patch':
      return { body: PATCH, answer: own }
    case 'delete':
    case 'deletecollection':
      return { body: DELETE_OPTIONS, answer: STATUS }
    default:
      return { answer: own }
  }
}

const article = ({ name }: Verb) => (name === 'create' || name === 'delete' ? 'a ' : '')

/** `createAppsV1NamespacedDeployment`, `listCoreV1PodForAllNamespaces` */
function idOf(kind: AnyKind, { name }: Verb, suffix: string): string {
  const [group = ''] = (kind.group || 'core').split('.')
  const scope = kind.isNamespaced && suffix !== 'ForAllNamespaces' ? 'Namespaced' : ''
  return `${name}${capitalised(group)}${capitalised(kind.version)}${scope}${kind.kind}${suffix}`
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

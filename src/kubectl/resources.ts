/**
 * Which objects a command line means: `pods`, `pod web db`, `deploy/web svc/web`, `pods,services -l app=x`,
 * `all`, or the objects of a file. Mirrors cli-runtime's resource builder.
 */
import type { AnyKind, KubeList, KubeObject, Scheme } from '../api/index.ts'
import { type ApiResult, call, requestFor } from '../client/index.ts'
import type { Routine } from '../sim/index.ts'
import type { Invocation } from './context.ts'
import { KubectlError, statusError } from './kubectl-error.ts'

/** What is said when neither words nor files name anything. */
export const NO_RESOURCES = [
  'error: You must provide one or more resources by argument or filename.',
  'Example resource specifications include:',
  "   '-f rsrc.yaml'",
  "   '--filename=rsrc.json'",
  "   '<resource> <name>'",
  "   '<resource>'",
].join('\n')

/** Objects of one kind that were asked for: by name, or all that a selector leaves. */
export interface ResourceRequest {
  readonly kind: AnyKind
  /** Undefined for a list. */
  readonly names: readonly string[] | undefined
}

/** Reads the words after the verb. Throws KubectlError as kubectl words it. */
export function readResources(scheme: Scheme, words: readonly string[]): ResourceRequest[] {
  const [first] = words
  if (first === undefined) return []
  if (words.some(word => word.includes('/'))) return readPairs(scheme, words)
  const kinds = first.split(',').flatMap(word => findKinds(scheme, word))
  const names = words.slice(1)
  return kinds.map(kind => ({ kind, names: names.length > 0 ? names : undefined }))
}

/** The kind or category a word means. */
function findKinds(scheme: Scheme, word: string): AnyKind[] {
  const kind = scheme.lookup(word)
  if (kind) return [kind]
  const category = scheme.category(word)
  if (category.length > 0) return category
  throw new KubectlError(`error: the server doesn't have a resource type ${JSON.stringify(word)}`)
}

function readPairs(scheme: Scheme, words: readonly string[]): ResourceRequest[] {
  return words.map(word => {
    const [type = '', name = '', ...rest] = word.split('/')
    if (type === '' || name === '' || rest.length > 0) {
      if (!word.includes('/')) {
        throw new KubectlError(
          'error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form',
        )
      }
      throw new KubectlError(`error: arguments in resource/name form may not have more than one slash`)
    }
    const [kind] = findKinds(scheme, type)
    return { kind: kind!, names: [name] }
  })
}

/** `deployment.apps/web`: how kubectl names an object in messages and in tables of several kinds. */
export function displayName(kind: AnyKind, name: string): string {
  return `${kind.group ? `${kind.singular}.${kind.group}` : kind.singular}/${name}`
}

/** What was found of one {@link ResourceRequest}. */
export interface Found {
  readonly kind: AnyKind
  readonly objects: readonly KubeObject[]
  /** True when a list was asked for rather than names. */
  readonly isList: boolean
}

/**
 * Fetches what was asked for. Names that the server refuses are reported on standard error and make the command
 * fail, the others are given.
 */
export function* fetchResources(
  invocation: Invocation,
  requests: readonly ResourceRequest[],
  options: {
    allNamespaces: boolean
    labelSelector?: string
    fieldSelector?: string
    ignoreNotFound?: boolean
  },
): Routine<Found[]> {
  const found: Found[] = []
  for (const { kind, names } of requests) {
    const namespace = kind.isNamespaced && !options.allNamespaces ? invocation.namespace : ''
    if (!names) {
      const { labelSelector, fieldSelector } = options
      const list: ApiResult<KubeList> = yield* call(
        invocation.context.api,
        requestFor('list', kind, namespace, '', { options: { labelSelector, fieldSelector } }),
      )
      if (!list.ok) throw statusError(list.status)
      found.push({ kind, objects: list.object.items, isList: true })
      continue
    }
    const objects: KubeObject[] = []
    for (const name of names) {
      const result: ApiResult = yield* call(invocation.context.api, requestFor('get', kind, namespace, name))
      if (result.ok) objects.push(result.object)
      else if (!(options.ignoreNotFound && result.code === 404)) {
        invocation.fail(statusError(result.status).message)
      }
    }
    found.push({ kind, objects, isList: false })
  }
  return found
}

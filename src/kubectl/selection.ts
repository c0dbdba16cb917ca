/**
 * The objects a writing verb works on, fetched one by one: names, selectors, `--all` or files. Mirrors the resource
 * builder's `ContinueOnError().Latest().Flatten()`.
 */
import type { AnyKind, KubeObject } from '../api/index.ts'
import { type ApiResult, call, requestFor } from '../client/index.ts'
import type { Routine } from '../sim/index.ts'
import type { FlagSpec } from './arguments.ts'
import type { Invocation } from './context.ts'
import { KubectlError, statusError } from './kubectl-error.ts'
import { FILE_FLAGS, readManifests } from './manifests.ts'
import { fetchResources, NO_RESOURCES, readResources } from './resources.ts'

export const SELECTION_FLAGS: readonly FlagSpec[] = [
  ...FILE_FLAGS,
  { name: 'selector', short: 'l', type: 'string' },
  { name: 'field-selector', type: 'string' },
  { name: 'all', type: 'boolean' },
  { name: 'all-namespaces', short: 'A', type: 'boolean' },
]

/** One object of the selection, as the server has it now. */
export interface Selected {
  readonly kind: AnyKind
  /** '' for cluster-scoped kinds. */
  readonly namespace: string
  readonly name: string
  readonly object: KubeObject
}

export interface SelectionOptions {
  /** A kind without names means all of them, as `rollout status deployment` does. */
  readonly allByDefault?: boolean
  /** Objects that are not there are passed over in silence. */
  readonly ignoreNotFound?: boolean
  /** What is said when neither words nor files are given. */
  readonly whenNothing?: string
}

/** Fetches what `words` and the flags mean; what cannot be fetched makes the command fail, the rest is given. */
export function* selectObjects(
  invocation: Invocation,
  words: readonly string[],
  options: SelectionOptions = {},
): Routine<Selected[]> {
  const { context, args } = invocation
  const { flags } = args
  if (flags.has('filename')) return yield* selectFiles(invocation, options.ignoreNotFound ?? false)
  const requests = readResources(context.scheme, words)
  if (requests.length === 0) {
    throw new KubectlError(options.whenNothing ?? NO_RESOURCES)
  }
  const isSelected = flags.has('selector') || flags.has('field-selector')
  if (isSelected && requests.some(request => request.names)) {
    throw new KubectlError('error: name cannot be provided when a selector is specified')
  }
  const takesAll = isSelected || flags.isSet('all') || options.allByDefault
  if (!takesAll && requests.some(request => !request.names)) {
    throw new KubectlError('error: resource(s) were provided, but no name was specified')
  }
  const found = yield* fetchResources(invocation, requests, {
    allNamespaces: flags.isSet('all-namespaces'),
    labelSelector: flags.text('selector'),
    fieldSelector: flags.text('field-selector'),
    ignoreNotFound: options.ignoreNotFound,
  })
  return found.flatMap(({ kind, objects }) => objects.map(object => selected(kind, object)))
}

function* selectFiles(invocation: Invocation, ignoreNotFound: boolean): Routine<Selected[]> {
  const found: Selected[] = []
  for (const { kind, namespace, object } of readManifests(invocation)) {
    const request = requestFor('get', kind, namespace, object.metadata.name ?? '')
    const result: ApiResult = yield* call(invocation.context.api, request)
    if (result.ok) found.push(selected(kind, result.object))
    else if (!(ignoreNotFound && result.code === 404)) invocation.fail(statusError(result.status).message)
  }
  return found
}

function selected(kind: AnyKind, object: KubeObject): Selected {
  const { namespace = '', name } = object.metadata
  return { kind, namespace, name, object }
}

/**
 * Splits `pods web app=x tier-` into the resources and the changes. Throws KubectlError when a resource comes after
 * a change. `what` names the changes: `label`, `annotation`, `image`.
 */
export function splitPairs(
  words: readonly string[],
  what: string,
): { resources: readonly string[]; pairs: readonly string[] } {
  const isPair = (word: string) =>
    (word.includes('=') && !word.startsWith('=')) || (word.endsWith('-') && word !== '-')
  const first = words.findIndex(isPair)
  if (first < 0) return { resources: words, pairs: [] }
  const late = words.slice(first).find(word => !isPair(word))
  if (late !== undefined) {
    throw new KubectlError(`error: all resources must be specified before ${what} changes: ${late}`)
  }
  return { resources: words.slice(0, first), pairs: words.slice(first) }
}

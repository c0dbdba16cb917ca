/**
 * Follows one object until it is as somebody wants it: a list for its present state, then a watch. Mirrors
 * client-go's UntilWithSync.
 */
import type { AnyKind, KubeList, KubeObject } from '../api/index.ts'
import { type ApiResult, call, requestFor, type WatchHandle } from '../client/index.ts'
import { Mailbox, type Routine, withTimeout } from '../sim/index.ts'
import type { KubectlContext } from './context.ts'
import { KubectlError, statusError } from './kubectl-error.ts'

/** What is seen of the object: its state, or that it is not there (`isDeletion`: it has just gone). */
export type Sight =
  | { readonly type: 'present'; readonly object: KubeObject }
  | { readonly type: 'absent'; readonly isDeletion: boolean }

export interface Subject {
  readonly kind: AnyKind
  /** '' for cluster-scoped kinds. */
  readonly namespace: string
  readonly name: string
}

type Outcome<T> = { readonly value: T } | { readonly error: unknown }

/**
 * Calls `look` with every state of the object, first of all the present one, until it gives something. Gives that,
 * or undefined when `limitMs` pass first. What `look` throws is thrown.
 */
export function* watchOne<T>(
  context: KubectlContext,
  subject: Subject,
  limitMs: number,
  look: (sight: Sight) => T | undefined,
): Routine<T | undefined> {
  const following = follow(context, subject, look)
  const ended = Number.isFinite(limitMs)
    ? yield* withTimeout(Math.max(limitMs, 0), following)
    : { timedOut: false as const, value: yield* following }
  if (ended.timedOut) return undefined
  if ('error' in ended.value) throw ended.value.error
  return ended.value.value
}

/** Errors are values here: under a timeout this runs in a process of its own, where nobody could catch them. */
function* follow<T>(
  context: KubectlContext,
  subject: Subject,
  look: (sight: Sight) => T | undefined,
): Routine<Outcome<T>> {
  try {
    for (;;) {
      const value = yield* listAndWatch(context, subject, look)
      if (value !== undefined) return { value }
    }
  } catch (error) {
    if (error instanceof KubectlError) return { error }
    throw error
  }
}

/** One list and one watch; undefined when the watch ended before `look` was content. */
function* listAndWatch<T>(
  context: KubectlContext,
  { kind, namespace, name }: Subject,
  look: (sight: Sight) => T | undefined,
): Routine<T | undefined> {
  const fieldSelector = `metadata.name=${name}`
  const listing: ApiResult<KubeList> = yield* call(
    context.api,
    requestFor('list', kind, namespace, '', { options: { fieldSelector } }),
  )
  if (!listing.ok) throw statusError(listing.status)
  const { items, metadata } = listing.object
  const [object] = items
  const first = look(object ? { type: 'present', object } : { type: 'absent', isDeletion: false })
  if (first !== undefined) return first
  const sights = new Mailbox<Sight | 'closed'>()
  const handle: WatchHandle = context.api.watch(
    requestFor('watch', kind, namespace, '', {
      options: { fieldSelector, resourceVersion: metadata.resourceVersion },
    }),
    {
      deliver: events => {
        for (const { type, object } of events) {
          if (type === 'BOOKMARK') continue
          sights.put(type === 'DELETED' ? { type: 'absent', isDeletion: true } : { type: 'present', object })
        }
      },
      closed: () => sights.put('closed'),
    },
  )
  try {
    for (;;) {
      const sight = yield* sights.take()
      if (sight === 'closed') return undefined
      const value = look(sight)
      if (value !== undefined) return value
    }
  } finally {
    handle.stop()
  }
}

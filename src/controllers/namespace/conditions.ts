/** What a terminating namespace says about its contents; `namespaced_resources_deleter`'s conditions. */
import type { NamespaceCondition } from 'kubernetes-types/core/v1.js'
import type { AnyKind, KubeObject, Namespace } from '../../api/index.ts'

/** What is left of one kind. */
export interface Remaining {
  readonly kind: AnyKind
  readonly objects: readonly KubeObject[]
}

interface Verdict {
  readonly type: string
  readonly status: 'True' | 'False'
  readonly reason: string
  readonly message: string
}

/** The namespace's conditions after a round of deletions; the same list when nothing has changed. */
export function conditionsAfter(
  namespace: Namespace,
  remaining: readonly Remaining[],
  failures: readonly string[],
  timestamp: string,
): NamespaceCondition[] {
  const before = namespace.status.conditions ?? []
  const verdicts = verdictsOn(remaining, failures)
  const isSame = verdicts.every(verdict =>
    before.some(
      old =>
        old.type === verdict.type &&
        old.status === verdict.status &&
        old.reason === verdict.reason &&
        old.message === verdict.message,
    ),
  )
  if (isSame) return before
  return verdicts.map(verdict => {
    const old = before.find(condition => condition.type === verdict.type)
    const lastTransitionTime = old?.status === verdict.status ? old.lastTransitionTime : timestamp
    return { lastTransitionTime, ...verdict }
  })
}

function verdictsOn(remaining: readonly Remaining[], failures: readonly string[]): Verdict[] {
  const ok = (type: string, reason: string, message: string): Verdict => ({
    type,
    status: 'False',
    reason,
    message,
  })
  const counts = remaining.map(
    ({ kind, objects }) => `${kind.plural}.${kind.group} has ${objects.length} resource instances`,
  )
  const finalizers = new Map<string, number>()
  for (const { objects } of remaining) {
    for (const object of objects) {
      for (const name of object.metadata.finalizers ?? [])
        finalizers.set(name, (finalizers.get(name) ?? 0) + 1)
    }
  }
  const holding = [...finalizers].map(([name, count]) => `${name} in ${count} resource instances`).sort()
  return [
    ok('NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'),
    ok(
      'NamespaceDeletionGroupVersionParsingFailure',
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ),
    failures.length === 0
      ? ok(
          'NamespaceDeletionContentFailure',
          'ContentDeleted',
          'All content successfully deleted, may be waiting on finalization',
        )
      : {
          type: 'NamespaceDeletionContentFailure',
          status: 'True',
          reason: 'ContentDeletionFailed',
          message: `Failed to delete all resource types, ${failures.length} remaining: ${failures.join(', ')}`,
        },
    counts.length === 0
      ? ok('NamespaceContentRemaining', 'ContentRemoved', 'All content successfully removed')
      : {
          type: 'NamespaceContentRemaining',
          status: 'True',
          reason: 'SomeResourcesRemain',
          message: `Some resources are remaining: ${counts.sort().join(', ')}`,
        },
    holding.length === 0
      ? ok(
          'NamespaceFinalizersRemaining',
          'ContentHasNoFinalizers',
          'All content-preserving finalizers finished',
        )
      : {
          type: 'NamespaceFinalizersRemaining',
          status: 'True',
          reason: 'SomeFinalizersRemain',
          message: `Some content in the namespace has finalizers remaining: ${holding.join(', ')}`,
        },
  ]
}

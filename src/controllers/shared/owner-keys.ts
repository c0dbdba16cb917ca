/**
 * Whom a changed object concerns: its controller, the controller it had before, or, for an orphan, every
 * workload that selects it. Mirrors the event handlers of the workload controllers.
 */
import { controllerOf, type KindDefinition, type KubeObject, keyOf } from '../../api/index.ts'
import type { CacheIndex, View, Watch } from '../../client/index.ts'
import { controllerIn, type Selecting } from './controller-ref.ts'
import { isEmptySelector, labelAnchors, labelsText, matcherOf, selectorAnchor } from './label-anchors.ts'

type Selector = Selecting['spec']['selector']

interface SelectorIndex<T extends KubeObject> extends CacheIndex<T> {
  /** The same object for the same selector. */
  selectorOf(workload: T): Selector
}

/** Workloads by the anchor of their selector: how an orphan finds who may want it. */
export function selectorIndex<T extends Selecting>(kind: KindDefinition<T>): SelectorIndex<T> {
  return selectorIndexBy(kind, workload => workload.spec.selector)
}

/** Likewise for workloads whose selector is written otherwise. */
export function selectorIndexBy<T extends KubeObject>(
  kind: KindDefinition<T>,
  selectorOf: (workload: T) => Selector,
): SelectorIndex<T> {
  return {
    kind,
    name: `${kind.plural}-by-selector`,
    values: workload => [selectorAnchor(workload.metadata.namespace, selectorOf(workload))],
    isSame: (workload, old) => selectorOf(workload) === selectorOf(old),
    selectorOf,
  }
}

/**
 * The `keys` of a watch on what workloads of `owners` control. `matters` says whether a change of an owned
 * object from `old` (absent when it was deleted) can make a difference to its controller; all do unless given.
 */
export function ownerKeys<O extends KubeObject, T extends KubeObject>(
  owners: KindDefinition<O>,
  bySelector: SelectorIndex<O>,
  matters: (object: T, old: T | undefined) => boolean = () => true,
): Watch<T>['keys'] {
  return (object, old, event, view) => {
    if (old && isSameToOwners(object, old) && !matters(object, old)) return []
    const owner = controllerIn(view, object, owners)
    if (old && controllerOf(old)?.uid !== controllerOf(object)?.uid) {
      const keys = [owner, controllerIn(view, old, owners)].filter(found => found !== undefined).map(keyOf)
      return controllerOf(object) ? keys : [...keys, ...suitors(object, bySelector, view)]
    }
    if (owner) {
      const isNew = event === 'ADDED' || (old !== undefined && haveLabelsChanged(object, old))
      return isNew || matters(object, old) ? [keyOf(owner)] : []
    }
    if (controllerOf(object) || object.metadata.deletionTimestamp) return []
    return !old || haveLabelsChanged(object, old) ? suitors(object, bySelector, view) : []
  }
}

/** Neither who owns it nor who could has changed. */
function isSameToOwners(object: KubeObject, old: KubeObject): boolean {
  return object.metadata.ownerReferences === old.metadata.ownerReferences && !haveLabelsChanged(object, old)
}

function haveLabelsChanged(object: KubeObject, old: KubeObject): boolean {
  const { labels } = object.metadata
  return labels !== old.metadata.labels && labelsText(labels) !== labelsText(old.metadata.labels)
}

/** The keys of the workloads that select the orphan. */
function suitors<O extends KubeObject>(
  orphan: KubeObject,
  bySelector: SelectorIndex<O>,
  view: View,
): string[] {
  const { namespace, labels } = orphan.metadata
  const keys: string[] = []
  for (const anchor of labelAnchors(namespace, labels)) {
    for (const workload of view.list(bySelector, anchor)) {
      const selector = bySelector.selectorOf(workload)
      if (selector && !isEmptySelector(selector) && matcherOf(selector).matches(labels)) {
        keys.push(keyOf(workload))
      }
    }
  }
  return keys
}

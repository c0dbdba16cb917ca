/**
 * Finding what a label selector may match through an index instead of by walking a namespace: an object is
 * indexed under each of its labels ("anchors"), a selector looks under one of the labels it demands.
 */
import { labelSelector, NAMES } from '../../api/index.ts'
import { remember } from './remember.ts'

type LabelSelector = Parameters<typeof labelSelector>[0]
type PresentSelector = NonNullable<LabelSelector>
type Labels = Readonly<Record<string, string>>

/** A stored object's selector, compiled once. */
export const matcherOf = remember((selector: PresentSelector) => labelSelector(selector))

/** Whether the selector names neither labels nor expressions; such a one selects everything. */
export function isEmptySelector(selector: LabelSelector): boolean {
  if (!selector) return false
  const matcher = matcherOf(selector)
  return !matcher.matchesNothing && matcher.requirements.length === 0
}

/** The one index value under which everything the selector could match in the namespace is found. */
export function selectorAnchor(namespace: string | undefined, selector: LabelSelector): string {
  return `${namespace}/${selector ? pairOf(selector) : ''}`
}

/** The label a selector is looked up by, the template hash if it has that; '' when it demands none. */
const pairOf = remember((selector: PresentSelector) => {
  const labels = selector.matchLabels ?? {}
  const hash = NAMES.podTemplateHashLabel
  const name = labels[hash] !== undefined ? hash : Object.keys(labels).sort()[0]
  return name === undefined ? '' : `${name}=${labels[name]}`
})

/** The index values of an object with these labels: one a label, and one for selectors that demand none. */
export function labelAnchors(namespace: string | undefined, labels: Labels | undefined): string[] {
  const anchors = [`${namespace}/`]
  for (const name in labels) anchors.push(`${namespace}/${name}=${labels[name]}`)
  return anchors
}

/** Labels as one text, equal for equal labels in whatever order. */
export function labelsText(labels: Labels | undefined): string {
  return labels ? textOfLabels(labels) : ''
}
const textOfLabels = remember((labels: Labels) =>
  Object.keys(labels)
    .sort()
    .map(name => `${name}=${labels[name]}`)
    .join(','),
)

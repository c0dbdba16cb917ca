/**
 * Label selectors, compiled: from the string of a request, from a LabelSelector in an object, or from the plain
 * map of a Service. Mirrors `labels.Selector` and `metav1.LabelSelectorAsSelector`. A selector inside a stored
 * object is compiled once, however often it is asked for.
 */
import type { LabelSelector } from 'kubernetes-types/meta/v1.js'
import {
  type LabelRequirement,
  parseRequirements,
  SelectorError,
  sortByKey,
} from './label-selector-parser.ts'
import { memoise, memoiseByObject } from './memo.ts'

export type Labels = Readonly<Record<string, string>>

/** A selector ready to use. */
export interface LabelMatcher {
  matches(labels: Labels | undefined): boolean
  /** Sorted by key. Empty for what matches everything, and for what matches nothing. */
  readonly requirements: readonly LabelRequirement[]
  readonly matchesNothing: boolean
  /** The canonical string: `app=web,tier in (back,front)`; '' when there are no requirements. */
  readonly text: string
}

/** Matches every object. */
export const EVERYTHING: LabelMatcher = compile([])
/** Matches no object: what an absent LabelSelector means. */
export const NOTHING: LabelMatcher = Object.freeze({
  matches: () => false,
  requirements: [],
  matchesNothing: true,
  text: '',
})

/** Compiles what a person or a request says; '' matches everything. Throws {@link SelectorError}. */
export const parseLabelSelector: (text: string) => LabelMatcher = memoise(text =>
  compile(parseRequirements(text)),
)

/** Compiles a LabelSelector: absent matches nothing, empty everything. It must have passed validation. */
export function labelSelector(selector: LabelSelector | undefined): LabelMatcher {
  return selector ? fromObject(selector) : NOTHING
}

const fromObject = memoiseByObject((selector: LabelSelector): LabelMatcher => {
  const requirements = equalities(selector.matchLabels ?? {})
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const name = OPERATORS.get(operator)
    if (!name) throw new SelectorError(`${JSON.stringify(operator)} is not a valid label selector operator`)
    requirements.push({ key, operator: name, values: [...values].sort() })
  }
  return compile(sortByKey(requirements))
})

const OPERATORS = new Map<string, LabelRequirement['operator']>([
  ['In', 'in'],
  ['NotIn', 'notin'],
  ['Exists', 'exists'],
  ['DoesNotExist', '!'],
])

/** Compiles a plain map (`spec.selector` of a Service): every pair must be there; empty matches everything. */
export const labelSet: (labels: Labels) => LabelMatcher = memoiseByObject(labels =>
  compile(sortByKey(equalities(labels))),
)

function equalities(labels: Labels): LabelRequirement[] {
  return Object.keys(labels).map(key => ({ key, operator: '=', values: [labels[key]!] }))
}

/** A LabelSelector as kubectl prints it: `metav1.FormatLabelSelector`; `<none>` for an empty or absent one. */
export function formatLabelSelector(selector: LabelSelector | undefined): string {
  return labelSelector(selector).text || '<none>'
}

/** Labels as kubectl prints them: `app=web,tier=front`, sorted; `<none>` when there are none. */
export function formatLabels(labels: Labels | undefined): string {
  const pairs = Object.keys(labels ?? {})
    .sort()
    .map(key => `${key}=${labels![key]}`)
  return pairs.length === 0 ? '<none>' : pairs.join(',')
}

function compile(requirements: readonly LabelRequirement[]): LabelMatcher {
  const tests = requirements.map(testOf)
  return Object.freeze({
    matches(labels: Labels | undefined) {
      for (const test of tests) if (!test(labels ?? NO_LABELS)) return false
      return true
    },
    requirements,
    matchesNothing: false,
    text: requirements.map(formatRequirement).join(','),
  })
}
const NO_LABELS: Labels = Object.freeze({})

function testOf({ key, operator, values }: LabelRequirement): (labels: Labels) => boolean {
  const [first = ''] = values
  switch (operator) {
    case '=':
    case '==':
      return labels => labels[key] === first
    case '!=':
      return labels => labels[key] !== first
    case 'in':
      return labels => values.includes(labels[key]!)
    case 'notin':
      return labels => !values.includes(labels[key]!)
    case 'exists':
      return labels => Object.hasOwn(labels, key)
    case '!':
      return labels => !Object.hasOwn(labels, key)
    case 'gt':
      return labels => integer(labels[key]) > Number(first)
    case 'lt':
      return labels => integer(labels[key]) < Number(first)
  }
}

/** NaN, which compares with nothing, for what is no integer. */
function integer(text: string | undefined): number {
  return text !== undefined && /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN
}

function formatRequirement({ key, operator, values }: LabelRequirement): string {
  switch (operator) {
    case 'exists':
      return key
    case '!':
      return `!${key}`
    case 'in':
    case 'notin':
      return `${key} ${operator} (${values.join(',')})`
    case 'gt':
      return `${key}>${values[0]}`
    case 'lt':
      return `${key}<${values[0]}`
    default:
      return `${key}${operator}${values[0]}`
  }
}

/**
 * Whether rules cover others, so that nobody grants what they have not. Pure; mirrors `Covers`, `BreakdownRule` and
 * `CompactRules` of k8s.io/component-helpers/auth/rbac/validation.
 */
import type { PolicyRule } from '../../api/index.ts'
import { LIMITS } from '../../sim/index.ts'

/**
 * Of `wanted`, what no rule of `held` covers: one verb on one resource, name or path each. Rules that are covered whole
 * are not taken apart; of those that say too much to be, what has not been looked at counts as not covered.
 */
export function uncovered(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  const left: PolicyRule[] = []
  let looked = 0
  for (const rule of wanted) {
    if (held.some(one => covers(one, rule))) continue
    for (const piece of pieces(rule)) {
      looked++
      if (looked <= LIMITS.rulePieces && held.some(one => covers(one, piece))) continue
      left.push(piece)
      if (looked > LIMITS.rulePieces || left.length === LIMITS.uncoveredPieces) return left
    }
  }
  return left
}

/** A rule, as pieces that are either covered or not; one after the other, for there may be any number. */
function* pieces(rule: PolicyRule): Generator<PolicyRule> {
  const { verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule
  const names = resourceNames.length > 0 ? resourceNames : [undefined]
  for (const group of apiGroups) {
    for (const resource of resources) {
      for (const verb of verbs) {
        for (const name of names) {
          const piece = { verbs: [verb], apiGroups: [group], resources: [resource] }
          yield name === undefined ? piece : { ...piece, resourceNames: [name] }
        }
      }
    }
  }
  for (const url of nonResourceURLs) for (const verb of verbs) yield { verbs: [verb], nonResourceURLs: [url] }
}

function covers(held: PolicyRule, piece: PolicyRule): boolean {
  return (
    hasAll(held.verbs, piece.verbs) &&
    hasAll(held.apiGroups, piece.apiGroups) &&
    coversResources(held.resources, piece.resources) &&
    coversNames(held.resourceNames, piece.resourceNames) &&
    coversPaths(held.nonResourceURLs, piece.nonResourceURLs)
  )
}

type Texts = readonly string[] | undefined

function hasAll(held: Texts = [], wanted: Texts = []): boolean {
  return held.includes('*') || wanted.every(one => held.includes(one))
}

/** `*\/scale` covers the scale of whatever it is. */
function coversResources(held: Texts = [], wanted: Texts = []): boolean {
  const isCovered = (resource: string) => {
    const slash = resource.indexOf('/')
    return held.includes(resource) || (slash >= 0 && held.includes(`*${resource.slice(slash)}`))
  }
  return held.includes('*') || wanted.every(isCovered)
}

/** No names: all names. */
function coversNames(held: Texts = [], wanted: Texts = []): boolean {
  if (held.length === 0) return true
  return wanted.length > 0 && wanted.every(name => held.includes(name))
}

function coversPaths(held: Texts = [], wanted: Texts = []): boolean {
  return wanted.every(path =>
    held.some(one => one === path || (one.endsWith('*') && path.startsWith(one.replace(/\*+$/, '')))),
  )
}

/** Rules as upstream's messages have them, a line each, sorted: `{APIGroups:[""], Resources:["pods"], Verbs:["get"]}`. */
export function describeRules(rules: readonly PolicyRule[]): string {
  return [...new Set(compacted(rules).map(text))].sort().join('\n')
}

/** Pieces that differ only in their verb, as one. */
function compacted(rules: readonly PolicyRule[]): PolicyRule[] {
  const merged = new Map<string, PolicyRule>()
  for (const rule of rules) {
    const { verbs, ...what } = rule
    const key = JSON.stringify(rule.nonResourceURLs ? rule : what)
    const known = merged.get(key)
    merged.set(key, known ? { ...known, verbs: [...known.verbs, ...verbs] } : rule)
  }
  return [...merged.values()]
}

function text({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: PolicyRule): string {
  const parts: [string, Texts][] = [
    ['APIGroups', apiGroups],
    ['Resources', resources],
    ['NonResourceURLs', nonResourceURLs],
    ['ResourceNames', resourceNames],
    ['Verbs', verbs],
  ]
  const given = parts.filter(([, values]) => values && values.length > 0)
  return `{${given.map(([name, values]) => `${name}:${quotedList(values!)}`).join(', ')}}`
}

/** `["a" "b"]`, as Go's %q has a list. */
export function quotedList(values: readonly string[]): string {
  return `[${values.map(value => JSON.stringify(value)).join(' ')}]`
}

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
  const index = new Holdings(held)
  const left: PolicyRule[] = []
  let looked = 0
  for (const rule of wanted) {
    if (index.covers(rule)) continue
    for (const piece of pieces(rule)) {
      looked++
      if (looked <= LIMITS.rulePieces && index.covers(piece)) continue
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

type Texts = readonly string[] | undefined

/**
 * Rules that somebody has, found by what they are about: who may something of ten thousand things by as many rules, and
 * grants the same, is not compared a hundred million times.
 */
class Holdings {
  /** Written out: what is wanted is most often what is held. */
  readonly #texts: ReadonlySet<string>
  /** Those for all names by resource; those for some by name; those for paths by path, and with patterns. */
  readonly #byResource = new Map<string, HeldRule[]>()
  readonly #byName = new Map<string, HeldRule[]>()
  readonly #byPath = new Map<string, HeldRule[]>()
  readonly #patterns: HeldRule[] = []
  #compared = 0

  constructor(rules: readonly PolicyRule[]) {
    this.#texts = new Set(rules.map(rule => JSON.stringify(rule)))
    for (const rule of rules) {
      const held = new HeldRule(rule)
      const { resources = [], resourceNames = [], nonResourceURLs = [] } = rule
      if (resourceNames.length > 0) for (const name of resourceNames) add(this.#byName, name, held)
      else for (const resource of resources) add(this.#byResource, resource, held)
      for (const path of nonResourceURLs) add(this.#byPath, path, held)
      if (nonResourceURLs.some(path => path.endsWith('*'))) this.#patterns.push(held)
    }
  }

  /** Whether one of them covers all of a rule. Not, where that would take too many comparisons. */
  covers(wanted: PolicyRule): boolean {
    if (this.#texts.has(JSON.stringify(wanted))) return true
    for (const held of this.#candidates(wanted)) {
      if (this.#compared >= LIMITS.ruleComparisons) return false
      this.#compared++
      if (held.covers(wanted)) return true
    }
    return false
  }

  /** All that could: a rule that covers another covers the first of all that it says. */
  *#candidates({ resources, resourceNames, nonResourceURLs }: PolicyRule): Generator<HeldRule> {
    const [resource, name, path] = [resources?.[0], resourceNames?.[0], nonResourceURLs?.[0]]
    if (resource !== undefined) {
      for (const one of [resource, '*', ...wildcardOf(resource)]) yield* this.#byResource.get(one) ?? []
      if (name !== undefined) yield* this.#byName.get(name) ?? []
    } else if (path !== undefined) {
      yield* this.#byPath.get(path) ?? []
      yield* this.#patterns
    }
  }
}

function add(index: Map<string, HeldRule[]>, key: string, held: HeldRule): void {
  const known = index.get(key)
  if (known) known.push(held)
  else index.set(key, [held])
}

/** `*\/scale` covers the scale of whatever it is. */
function wildcardOf(resource: string): string[] {
  const slash = resource.indexOf('/')
  return slash < 0 ? [] : [`*${resource.slice(slash)}`]
}

/** A rule that is asked often. */
class HeldRule {
  readonly #verbs: ReadonlySet<string>
  readonly #groups: ReadonlySet<string>
  readonly #resources: ReadonlySet<string>
  readonly #names: ReadonlySet<string>
  readonly #paths: readonly string[]

  constructor({ verbs, apiGroups, resources, resourceNames, nonResourceURLs = [] }: PolicyRule) {
    this.#verbs = new Set(verbs)
    this.#groups = new Set(apiGroups)
    this.#resources = new Set(resources)
    this.#names = new Set(resourceNames)
    this.#paths = nonResourceURLs
  }

  covers({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): boolean {
    return (
      hasAll(this.#verbs, verbs) &&
      hasAll(this.#groups, apiGroups) &&
      this.#coversResources(resources) &&
      this.#coversNames(resourceNames) &&
      this.#coversPaths(nonResourceURLs)
    )
  }

  #coversResources(wanted: Texts = []): boolean {
    const held = this.#resources
    if (held.has('*')) return true
    return wanted.every(one => held.has(one) || wildcardOf(one).some(any => held.has(any)))
  }

  /** No names: all names. */
  #coversNames(wanted: Texts = []): boolean {
    if (this.#names.size === 0) return true
    return wanted.length > 0 && wanted.every(name => this.#names.has(name))
  }

  #coversPaths(wanted: Texts = []): boolean {
    return wanted.every(path =>
      this.#paths.some(
        one => one === path || (one.endsWith('*') && path.startsWith(one.replace(/\*+$/, ''))),
      ),
    )
  }
}

function hasAll(held: ReadonlySet<string>, wanted: Texts = []): boolean {
  return held.has('*') || wanted.every(one => held.has(one))
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

/**
 * A set of field paths: what a manager owns. A node holds the fields that are members here and what is known of
 * the fields below. Mirrors structured-merge-diff's `fieldpath.Set`; elements of a path are written as in FieldsV1
 * (`f:spec`, `k:{"name":"web"}`, `v:"x"`).
 */

/** One step of a path, as FieldsV1 writes it. */
export type PathElement = string

export class FieldSet {
  readonly members: ReadonlySet<PathElement>
  /** Never empty sets. */
  readonly children: ReadonlyMap<PathElement, FieldSet>

  constructor(members: ReadonlySet<PathElement>, children: ReadonlyMap<PathElement, FieldSet>) {
    this.members = members
    this.children = children
  }

  get isEmpty(): boolean {
    return this.members.size === 0 && this.children.size === 0
  }

  has(path: readonly PathElement[]): boolean {
    let node: FieldSet | undefined = this
    for (let i = 0; i < path.length - 1; i++) {
      node = node.children.get(path[i]!)
      if (!node) return false
    }
    return path.length > 0 && node.members.has(path.at(-1)!)
  }

  /** What is in either; one of the two itself when it has all of the other. */
  union(other: FieldSet): FieldSet {
    if (other === this || other.isEmpty) return this
    if (this.isEmpty) return other
    const members = other.members.size === 0 ? this.members : unionOf(this.members, other.members)
    let isChanged = members !== this.members
    const children = new Map(this.children)
    for (const [element, theirs] of other.children) {
      const ours = children.get(element)
      const both = ours ? ours.union(theirs) : theirs
      if (both === ours) continue
      children.set(element, both)
      isChanged = true
    }
    return isChanged ? new FieldSet(members, children) : this
  }

  /** Without the members of the other. A parent's membership says nothing of its children, nor theirs of it. */
  difference(other: FieldSet): FieldSet {
    return this.#minus(other, false)
  }

  /** Without the members of the other and all that is below them. */
  recursiveDifference(other: FieldSet): FieldSet {
    return this.#minus(other, true)
  }

  #minus(other: FieldSet, isRecursive: boolean): FieldSet {
    if (other.isEmpty || this.isEmpty) return this
    let isChanged = false
    const members = new Set<PathElement>()
    for (const element of this.members) {
      if (other.members.has(element)) isChanged = true
      else members.add(element)
    }
    const children = new Map<PathElement, FieldSet>()
    for (const [element, ours] of this.children) {
      const theirs = other.children.get(element)
      const isGone = isRecursive && other.members.has(element)
      const rest = isGone ? EMPTY_SET : theirs ? ours.#minus(theirs, isRecursive) : ours
      if (rest !== ours) isChanged = true
      if (!rest.isEmpty) children.set(element, rest)
    }
    return isChanged ? new FieldSet(members, children) : this
  }

  /** What is in both. */
  intersection(other: FieldSet): FieldSet {
    const members = new Set<PathElement>()
    for (const element of this.members) if (other.members.has(element)) members.add(element)
    const children = new Map<PathElement, FieldSet>()
    for (const [element, ours] of this.children) {
      const theirs = other.children.get(element)
      if (!theirs) continue
      const both = ours.intersection(theirs)
      if (!both.isEmpty) children.set(element, both)
    }
    return new FieldSet(members, children)
  }

  equals(other: FieldSet): boolean {
    if (this === other) return true
    if (this.members.size !== other.members.size || this.children.size !== other.children.size) return false
    for (const element of this.members) if (!other.members.has(element)) return false
    for (const [element, ours] of this.children) {
      const theirs = other.children.get(element)
      if (!theirs || !ours.equals(theirs)) return false
    }
    return true
  }

  /** Every path in the set, parents before children, in FieldsV1's order. */
  paths(): PathElement[][] {
    const paths: PathElement[][] = []
    this.#collect([], paths)
    return paths
  }

  #collect(prefix: readonly PathElement[], into: PathElement[][]): void {
    for (const element of this.elements()) {
      if (this.members.has(element)) into.push([...prefix, element])
      const below = this.children.get(element)
      if (below) below.#collect([...prefix, element], into)
    }
  }

  /** The elements of this level, each once, in FieldsV1's order. */
  elements(): PathElement[] {
    return [...unionOf(this.members, this.children)].sort(compareElements)
  }
}

export const EMPTY_SET = new FieldSet(new Set(), new Map())

function unionOf(
  ours: ReadonlySet<PathElement>,
  theirs: { readonly size: number; keys(): Iterable<PathElement> },
): ReadonlySet<PathElement> {
  let result: Set<PathElement> | undefined
  for (const element of theirs.keys()) {
    if (ours.has(element)) continue
    result ??= new Set(ours)
    result.add(element)
  }
  return result ?? ours
}

/** Fields before keys before values before indexes, each by its text; keys by their values. */
function compareElements(a: PathElement, b: PathElement): number {
  const [kindOfA, kindOfB] = [ORDER.indexOf(a[0]!), ORDER.indexOf(b[0]!)]
  if (kindOfA !== kindOfB) return kindOfA - kindOfB
  if (a[0] === 'i') return Number(a.slice(2)) - Number(b.slice(2))
  if (a[0] === 'k') return compareKeys(a, b)
  return a < b ? -1 : a > b ? 1 : 0
}

const ORDER = 'fkvi'

/** Numbers as numbers: port 80 before port 443. */
function compareKeys(a: PathElement, b: PathElement): number {
  const [theirs, ours] = [JSON.parse(b.slice(2)), JSON.parse(a.slice(2))] as Record<string, unknown>[]
  for (const name of Object.keys(ours!)) {
    const [x, y] = [ours![name], theirs![name]]
    if (x === y) continue
    if (typeof x === 'number' && typeof y === 'number') return x - y
    return String(x) < String(y) ? -1 : 1
  }
  return a < b ? -1 : a > b ? 1 : 0
}

/** A set under construction. */
export class FieldSetBuilder {
  readonly #members = new Set<PathElement>()
  readonly #children = new Map<PathElement, FieldSetBuilder>()

  insert(path: readonly PathElement[]): void {
    let node: FieldSetBuilder = this
    for (let i = 0; i < path.length - 1; i++) node = node.#below(path[i]!)
    if (path.length > 0) node.#members.add(path.at(-1)!)
  }

  #below(element: PathElement): FieldSetBuilder {
    let node = this.#children.get(element)
    if (!node) {
      node = new FieldSetBuilder()
      this.#children.set(element, node)
    }
    return node
  }

  build(): FieldSet {
    if (this.#members.size === 0 && this.#children.size === 0) return EMPTY_SET
    const children = new Map<PathElement, FieldSet>()
    for (const [element, node] of this.#children) children.set(element, node.build())
    return new FieldSet(this.#members, children)
  }
}

/** The set of the given paths, each a list of elements. */
export function fieldSetOf(paths: readonly (readonly PathElement[])[]): FieldSet {
  const builder = new FieldSetBuilder()
  for (const path of paths) builder.insert(path)
  return builder.build()
}

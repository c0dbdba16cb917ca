/**
 * Which kinds there are: found by group, version and kind, by REST path, or by what a person types.
 */
import { assert } from '../sim/index.ts'
import type { AnyKind } from './define-kind.ts'

export class Scheme {
  readonly #kinds: AnyKind[] = []
  readonly #byKind = new Map<string, AnyKind>()
  readonly #byResource = new Map<string, AnyKind>()

  constructor(kinds: readonly AnyKind[] = []) {
    for (const kind of kinds) this.add(kind)
  }

  add(kind: AnyKind): void {
    const name = `${kind.apiVersion}/${kind.kind}`
    assert(!this.#byKind.has(name), `${name} is defined once`)
    this.#kinds.push(kind)
    this.#byKind.set(name, kind)
    this.#byResource.set(`${kind.apiVersion}/${kind.plural}`, kind)
  }

  remove(kind: AnyKind): void {
    this.#kinds.splice(this.#kinds.indexOf(kind), 1)
    this.#byKind.delete(`${kind.apiVersion}/${kind.kind}`)
    this.#byResource.delete(`${kind.apiVersion}/${kind.plural}`)
  }

  /** In the order of definition. */
  get kinds(): readonly AnyKind[] {
    return this.#kinds
  }

  /** By `apps/v1` and `Deployment`. */
  byKind(apiVersion: string, kind: string): AnyKind | undefined {
    return this.#byKind.get(`${apiVersion}/${kind}`)
  }

  /** By `apps/v1` and `deployments`. */
  byResource(apiVersion: string, plural: string): AnyKind | undefined {
    return this.#byResource.get(`${apiVersion}/${plural}`)
  }

  /** By what a person types: `po`, `pod`, `Pods`, `deployments.apps`, `deploy.v1.apps`. */
  lookup(typed: string): AnyKind | undefined {
    const [name = '', ...rest] = typed.toLowerCase().split('.')
    const qualifier = rest.join('.')
    return this.#kinds.find(kind => {
      const isNamed =
        kind.plural === name ||
        kind.singular === name ||
        kind.kind.toLowerCase() === name ||
        kind.shortNames.includes(name)
      return (
        isNamed &&
        (qualifier === '' || qualifier === kind.group || qualifier === `${kind.version}.${kind.group}`)
      )
    })
  }

  /** Members of a category such as `all`. */
  category(name: string): AnyKind[] {
    return this.#kinds.filter(kind => kind.categories.includes(name))
  }
}

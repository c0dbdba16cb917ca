/** A component's informers: one for each kind and selection, shared by all who ask (client-go's factory). */
import type { AnyKind, KindDefinition, KubeObject } from '../api/index.ts'
import type { Scope } from '../sim/index.ts'
import type { ApiPort } from './api-port.ts'
import { Informer, type InformerOptions } from './informer.ts'

export class Informers {
  readonly #scope: Scope
  readonly #api: ApiPort
  readonly #whole = new Map<AnyKind, Informer<KubeObject>>()
  readonly #selected = new Map<string, Informer<KubeObject>>()
  #isStarted = false

  constructor(scope: Scope, api: ApiPort) {
    this.#scope = scope
    this.#api = api
  }

  /** The informer of a kind, or of a part of it; made on first use, and started when the others are. */
  of<T extends KubeObject>(kind: KindDefinition<T>, options?: InformerOptions): Informer<T> {
    const known = options ? this.#selected.get(nameOf(kind, options)) : this.#whole.get(kind)
    if (known) return known as unknown as Informer<T>
    const informer = new Informer<T>(this.#scope, this.#api, kind, options ?? {})
    const stored = informer as unknown as Informer<KubeObject>
    if (options) this.#selected.set(nameOf(kind, options), stored)
    else this.#whole.set(kind, stored)
    if (this.#isStarted) informer.start()
    return informer
  }

  /** Stops following a kind that went; one of the same name is followed anew. */
  forget(kind: AnyKind): void {
    this.#whole.get(kind)?.stop()
    this.#whole.delete(kind)
  }

  /** Begins to list and watch; informers asked for later start at once. */
  start(): void {
    if (this.#isStarted) return
    this.#isStarted = true
    for (const informer of this.#all()) informer.start()
  }

  /** True when every informer asked for so far has its first list. */
  get hasSynced(): boolean {
    return this.#all().every(informer => informer.hasSynced)
  }

  /** Calls `act` once every informer asked for so far has its first list; now, when they have. */
  whenSynced(act: () => void): void {
    const missing = this.#all().filter(informer => !informer.hasSynced)
    if (missing.length === 0) {
      act()
      return
    }
    let left = missing.length
    for (const informer of missing) {
      informer.whenSynced(() => {
        if (--left === 0) act()
      })
    }
  }

  #all(): Informer<KubeObject>[] {
    return [...this.#whole.values(), ...this.#selected.values()]
  }
}

function nameOf(kind: AnyKind, options: InformerOptions): string {
  const { namespace = '', fieldSelector = '', labelSelector = '' } = options
  return `${kind.apiVersion}/${kind.plural}|${namespace}|${fieldSelector}|${labelSelector}`
}

/** The pods of each node, brought up to date from the changes since the last question. */
import type { Pod } from '../../api/index.ts'
import type { WatchCache } from '../watch-cache.ts'

export class NodePods {
  readonly #cache: () => WatchCache | undefined
  readonly #byNode = new Map<string, Map<string, Pod>>()
  #revision = -1

  constructor(cache: () => WatchCache | undefined) {
    this.#cache = cache
  }

  on(nodeName: string): Iterable<Pod> {
    this.#catchUp()
    return this.#byNode.get(nodeName)?.values() ?? []
  }

  #catchUp(): void {
    const cache = this.#cache()
    if (!cache) return
    const changes = this.#revision < 0 ? undefined : cache.since(this.#revision)
    if (changes) {
      for (const { key, object, previous, revision } of changes) {
        this.#revision = revision
        if (previous) this.#byNode.get(nodeOf(previous as Pod))?.delete(key)
        if (object) this.#put(key, object as Pod)
      }
      return
    }
    this.#byNode.clear()
    this.#revision = cache.oldestRevision
    for (const { key, object, revision } of cache.list('')) {
      this.#put(key, object as Pod)
      if (revision > this.#revision) this.#revision = revision
    }
  }

  #put(key: string, pod: Pod): void {
    const name = nodeOf(pod)
    if (name === '') return
    let pods = this.#byNode.get(name)
    if (!pods) {
      pods = new Map()
      this.#byNode.set(name, pods)
    }
    pods.set(key, pod)
  }
}

function nodeOf({ spec }: Pod): string {
  return spec.nodeName ?? ''
}

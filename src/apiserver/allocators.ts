/**
 * Pools of values that no two objects may share: Service cluster IPs and node ports. Mirrors
 * `pkg/registry/core/service/{ipallocator,portallocator}`: a free value is drawn at random from the upper band
 * first, so that the lower one stays for those who ask by value. Upstream keeps IPs as IPAddress objects and ports
 * as a bitmap in etcd; here both are rebuilt from the stored objects when the server starts.
 */
import {
  type Allocator,
  type AnyKind,
  API_SERVER,
  type KubeObject,
  type StrategyContext,
} from '../api/index.ts'
import { assert, type RandomStream } from '../sim/index.ts'
import { addressRange, portRange, type Range } from './allocation-range.ts'

export class Allocators {
  readonly #pools: ReadonlyMap<string, Pool>

  /** `serviceCidr` as `10.96.0.0/12`. */
  constructor(random: RandomStream, serviceCidr: string) {
    this.#pools = new Map([
      ['serviceClusterIPs', new Pool(addressRange(serviceCidr), random)],
      ['serviceNodePorts', new Pool(portRange(API_SERVER.firstNodePort, API_SERVER.lastNodePort), random)],
    ])
  }

  /** The pool of that name, for a strategy hook. */
  get(name: string): Allocator {
    const pool = this.#pools.get(name)
    assert(pool, `there is a pool named ${name}`)
    return pool
  }

  /**
   * Marks as taken what stored objects hold. A kind need not say what that is: it is what its `afterDelete` would
   * give back, so that hook is run against pools that take where they should release.
   */
  adopt({ strategy }: AnyKind, objects: readonly KubeObject[], context: StrategyContext): void {
    if (!strategy.afterDelete) return
    const { nowMs, timestamp, random } = context
    const adopting: StrategyContext = { nowMs, timestamp, random, allocator: name => adopter(this.get(name)) }
    for (const object of objects) strategy.afterDelete(object, adopting)
  }
}

function adopter(pool: Allocator): Allocator {
  return {
    range: pool.range,
    allocate: () => undefined,
    release: value => void pool.allocate(value),
    contains: value => pool.contains(value),
    isTaken: value => pool.isTaken(value),
  }
}

class Pool implements Allocator {
  readonly range: string
  readonly #range: Range
  readonly #random: RandomStream
  readonly #taken = new Set<number>()

  constructor(range: Range, random: RandomStream) {
    this.range = range.text
    this.#range = range
    this.#random = random
  }

  allocate(wanted?: string): string | undefined {
    const offset = wanted === undefined ? this.#drawn() : this.#range.offsetOf(wanted)
    if (offset === undefined || this.#taken.has(offset)) return undefined
    this.#taken.add(offset)
    return this.#range.valueAt(offset)
  }

  release(value: string): void {
    const offset = this.#range.offsetOf(value)
    if (offset !== undefined) this.#taken.delete(offset)
  }

  contains(value: string): boolean {
    return this.#range.offsetOf(value) !== undefined
  }

  isTaken(value: string): boolean {
    const offset = this.#range.offsetOf(value)
    return offset !== undefined && this.#taken.has(offset)
  }

  /** A free offset: from the upper band if it has one, else from the lower. */
  #drawn(): number | undefined {
    const { size, staticSize } = this.#range
    return this.#drawnFrom(staticSize, size) ?? this.#drawnFrom(0, staticSize)
  }

  /** Starts at a random offset and goes round, as upstream does. */
  #drawnFrom(low: number, high: number): number | undefined {
    const size = high - low
    if (size <= 0) return undefined
    const start = this.#random.below(size)
    for (let i = 0; i < size; i++) {
      const offset = low + ((start + i) % size)
      if (!this.#taken.has(offset)) return offset
    }
    return undefined
  }
}

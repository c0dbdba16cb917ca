/**
 * Which endpoint lies in which slice, for one Service and address family. Upstream works it out anew from all
 * pods at every sync (`reconciler.reconcileByPortMapping`); here it is remembered, so that one pod's change costs
 * one slice's rewriting. Slices being changed anyway are filled first, then the one that becomes fullest, then
 * new ones.
 */
import type { Endpoint } from 'kubernetes-types/discovery/v1.js'
import { deepEqual, ENDPOINTS, type EndpointSlice } from '../../api/index.ts'
import { assert } from '../../sim/index.ts'
import { portsKey, type ResolvedPort } from '../shared/endpoint-pods.ts'

/** One slice as it is to be. */
export interface Slice {
  /** What the server has; undefined before it is created. */
  stored: EndpointSlice | undefined
  ports: readonly ResolvedPort[]
  portsKey: string
  /** By pod key. */
  endpoints: Map<string, Endpoint>
  isChanged: boolean
}

/** What has to be written. */
export interface SliceChanges {
  readonly write: readonly Slice[]
  readonly remove: readonly EndpointSlice[]
}

interface Wish {
  readonly podKey: string
  readonly endpoint: Endpoint
  readonly ports: readonly ResolvedPort[]
}

export class FamilySlices {
  #slices: Slice[] = []
  readonly #placed = new Map<string, Slice>()
  /** Endpoints without a slice yet, by ports. */
  readonly #wishes = new Map<string, Wish[]>()

  /** Takes over a slice that the server has. */
  adopt(stored: EndpointSlice): void {
    const ports = (stored.ports ?? []) as ResolvedPort[]
    const slice: Slice = {
      stored,
      ports,
      portsKey: portsKey(ports),
      endpoints: new Map(),
      isChanged: false,
    }
    for (const endpoint of stored.endpoints ?? []) {
      const { namespace = '', name = '' } = endpoint.targetRef ?? {}
      const podKey = `${namespace}/${name}`
      // An endpoint told twice, or of nobody, is dropped by rewriting the slice.
      if (name === '' || this.#placed.has(podKey)) slice.isChanged = true
      else {
        slice.endpoints.set(podKey, endpoint)
        this.#placed.set(podKey, slice)
      }
    }
    this.#slices.push(slice)
  }

  /** Keys of all pods that lie in a slice. */
  placedKeys(): Iterable<string> {
    return this.#placed.keys()
  }

  /** Says what a pod's endpoint is now, undefined for none; gives whether that is news. */
  set(podKey: string, endpoint: Endpoint | undefined, ports: readonly ResolvedPort[]): boolean {
    const slice = this.#placed.get(podKey)
    const key = endpoint ? portsKey(ports) : ''
    if (slice && endpoint && slice.portsKey === key) {
      if (deepEqual(slice.endpoints.get(podKey), endpoint)) return false
      slice.endpoints.set(podKey, endpoint)
      slice.isChanged = true
      return true
    }
    if (slice) {
      slice.endpoints.delete(podKey)
      slice.isChanged = true
      this.#placed.delete(podKey)
    }
    if (endpoint) {
      const wishes = this.#wishes.get(key)
      const wish = { podKey, endpoint, ports }
      if (wishes) wishes.push(wish)
      else this.#wishes.set(key, [wish])
    }
    return slice !== undefined || endpoint !== undefined
  }

  /** Finds places for new endpoints, clears empty slices away, and says what has to be written. */
  settle(mayCreate: boolean): SliceChanges {
    for (const [key, wishes] of this.#wishes) this.#place(key, wishes)
    this.#wishes.clear()
    const full = this.#slices.filter(slice => slice.endpoints.size > 0)
    // A Service always has a slice, if need be one that says nothing.
    const kept = full.length > 0 ? full : [this.#slices.find(isPlaceholder) ?? newSlice([])]
    const unused = this.#slices.flatMap(slice =>
      slice.stored && !kept.includes(slice) ? [slice.stored] : [],
    )
    // New slices take the names of those that would go.
    for (const slice of kept) if (!slice.stored) slice.stored = unused.shift()
    this.#slices = kept
    const write = kept.filter(slice => slice.isChanged && (mayCreate || slice.stored))
    return { write, remove: unused }
  }

  /** Every slice must be written again: the Service's labels changed. */
  markAll(isStale: (stored: EndpointSlice) => boolean): void {
    for (const slice of this.#slices) if (slice.stored && isStale(slice.stored)) slice.isChanged = true
  }

  #place(key: string, wishes: Wish[]): void {
    const mine = this.#slices.filter(slice => slice.portsKey === key)
    const put = (slice: Slice) => {
      while (wishes.length > 0 && slice.endpoints.size < ENDPOINTS.maxEndpointsPerSlice) {
        const { podKey, endpoint } = wishes.shift()!
        slice.endpoints.set(podKey, endpoint)
        this.#placed.set(podKey, slice)
        slice.isChanged = true
      }
    }
    const open = mine.filter(slice => slice.isChanged).sort((a, b) => b.endpoints.size - a.endpoints.size)
    for (const slice of open) put(slice)
    while (wishes.length > 0) {
      const fullest = sliceToFill(mine, wishes.length)
      const slice = fullest ?? newSlice(wishes[0]!.ports)
      if (!fullest) this.#slices.push(slice)
      const before = wishes.length
      put(slice)
      assert(wishes.length < before, 'a slice with room takes an endpoint')
    }
  }
}

function isPlaceholder(slice: Slice): boolean {
  return slice.endpoints.size === 0 && slice.ports.length === 0
}

/** The slice that will be closest to full with `count` endpoints more, if they fit. */
function sliceToFill(slices: readonly Slice[], count: number): Slice | undefined {
  let closest: Slice | undefined
  let least: number = ENDPOINTS.maxEndpointsPerSlice
  for (const slice of slices) {
    const left = ENDPOINTS.maxEndpointsPerSlice - slice.endpoints.size - count
    if (left >= 0 && left < least) {
      least = left
      closest = slice
    }
  }
  return closest
}

function newSlice(ports: readonly ResolvedPort[]): Slice {
  return { stored: undefined, ports, portsKey: portsKey(ports), endpoints: new Map(), isChanged: true }
}

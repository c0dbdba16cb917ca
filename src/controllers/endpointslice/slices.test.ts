import type { Endpoint } from 'kubernetes-types/discovery/v1.js'
import { describe, expect, test } from 'vitest'
import type { EndpointSlice } from '../../api/index.ts'
import type { ResolvedPort } from '../shared/endpoint-pods.ts'
import { FamilySlices } from './slices.ts'

const HTTP: readonly ResolvedPort[] = [{ name: 'http', port: 80, protocol: 'TCP' }]
const OTHER: readonly ResolvedPort[] = [{ name: 'http', port: 81, protocol: 'TCP' }]

function endpoint(name: string, isReady = true): Endpoint {
  return {
    addresses: [`ip-${name}`],
    conditions: { ready: isReady },
    targetRef: { kind: 'Pod', namespace: 'ns', name },
  }
}

/** A server in small: gives what is written a name. */
function world() {
  const family = new FamilySlices()
  let names = 0
  const settle = () => {
    const { write, remove } = family.settle(true)
    const sizes = write.map(slice => slice.endpoints.size)
    for (const slice of write) {
      slice.isChanged = false
      const metadata = slice.stored?.metadata ?? { name: `s${names++}` }
      slice.stored = {
        metadata,
        endpoints: [...slice.endpoints.values()],
        ports: slice.ports,
      } as EndpointSlice
    }
    return { sizes, names: write.map(slice => slice.stored!.metadata.name), removed: remove.length }
  }
  const add = (from: number, to: number, ports = HTTP) => {
    for (let i = from; i < to; i++) family.set(`ns/p${i}`, endpoint(`p${i}`), ports)
  }
  return { family, settle, add }
}

describe('the slices of a family', () => {
  test('begin with an empty one that the first endpoints take over', () => {
    const { settle, add } = world()
    expect(settle()).toEqual({ sizes: [0], names: ['s0'], removed: 0 })
    expect(settle().sizes).toEqual([])
    add(0, 3)
    expect(settle()).toEqual({ sizes: [3], names: ['s0'], removed: 0 })
  })

  test('hold a hundred endpoints each', () => {
    const { settle, add } = world()
    add(0, 250)
    expect(settle().sizes).toEqual([100, 100, 50])
  })

  test('are filled up before new ones are made', () => {
    const { settle, add } = world()
    add(0, 130)
    settle()
    add(130, 160)
    expect(settle()).toMatchObject({ sizes: [60], names: ['s1'] })
    add(160, 220)
    expect(settle().sizes).toEqual([60])
  })

  test('take new endpoints where something changes anyway', () => {
    const { family, settle, add } = world()
    add(0, 200)
    settle()
    for (const i of [1, 2, 3]) family.set(`ns/p${i}`, undefined, HTTP)
    add(200, 203)
    expect(settle()).toEqual({ sizes: [100], names: ['s0'], removed: 0 })
  })

  test('are written only when something is news', () => {
    const { family, settle, add } = world()
    add(0, 10)
    settle()
    expect(family.set('ns/p3', endpoint('p3'), HTTP)).toBe(false)
    expect(settle().sizes).toEqual([])
    expect(family.set('ns/p3', endpoint('p3', false), HTTP)).toBe(true)
    expect(settle().sizes).toEqual([10])
    expect(family.set('ns/unknown', undefined, HTTP)).toBe(false)
  })

  test('of other ports are others, and an emptied one goes', () => {
    const { family, settle, add } = world()
    add(0, 2)
    settle()
    family.set('ns/p0', endpoint('p0'), OTHER)
    expect(settle().sizes).toEqual([1, 1])
    family.set('ns/p1', undefined, HTTP)
    expect(settle()).toMatchObject({ sizes: [], removed: 1 })
    family.set('ns/p0', undefined, OTHER)
    expect(settle()).toMatchObject({ sizes: [0], removed: 0 })
  })
})

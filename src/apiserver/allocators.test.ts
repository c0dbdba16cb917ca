import { describe, expect, test } from 'vitest'
import { type Service, Services } from '../api/index.ts'
import { RandomStream } from '../sim/index.ts'
import { addressRange, portRange } from './allocation-range.ts'
import { Allocators } from './allocators.ts'
import { refusalOf, World } from './world.testing.ts'

describe('a range', () => {
  test.each([
    ['10.96.0.0/12', 1_048_574, 256, '10.96.0.1', '10.111.255.254'],
    ['10.0.0.0/24', 254, 16, '10.0.0.1', '10.0.0.254'],
    ['10.0.0.0/29', 6, 0, '10.0.0.1', '10.0.0.6'],
  ])('of addresses: %s', (cidr, size, staticSize, first, last) => {
    const range = addressRange(cidr)
    expect([range.size, range.staticSize]).toEqual([size, staticSize])
    expect([range.valueAt(0), range.valueAt(size - 1)]).toEqual([first, last])
    expect([range.offsetOf(first), range.offsetOf(last)]).toEqual([0, size - 1])
    expect([range.offsetOf('9.9.9.9'), range.offsetOf('10.0.0')]).toEqual([undefined, undefined])
  })

  test('of ports', () => {
    const range = portRange(30_000, 32_767)
    expect([range.size, range.staticSize, range.text]).toEqual([2768, 86, '30000-32767'])
    expect([range.offsetOf('30000'), range.offsetOf('29999'), range.offsetOf('x')]).toEqual([
      0,
      undefined,
      undefined,
    ])
  })
})

describe('a pool', () => {
  const pool = () => new Allocators(new RandomStream(1, 'test'), '10.0.0.0/28').get('serviceClusterIPs')

  test('gives each value once, all of them, and takes them back', () => {
    const ips = pool()
    const given = Array.from({ length: 14 }, () => ips.allocate())
    expect(new Set(given).size).toBe(14)
    expect(ips.allocate()).toBeUndefined()
    ips.release('10.0.0.5')
    expect(ips.allocate()).toBe('10.0.0.5')
  })

  test('gives what is asked for, if it is free and its own', () => {
    const ips = pool()
    expect([ips.allocate('10.0.0.3'), ips.allocate('10.0.0.3'), ips.allocate('1.1.1.1')]).toEqual([
      '10.0.0.3',
      undefined,
      undefined,
    ])
  })

  test('keeps the low addresses for those who ask by value', () => {
    const ips = new Allocators(new RandomStream(1, 'test'), '10.0.0.0/24').get('serviceClusterIPs')
    const given = Array.from({ length: 238 }, () => Number(ips.allocate()?.split('.')[3]))
    expect(Math.min(...given)).toBe(17)
    expect(Number(ips.allocate()?.split('.')[3])).toBeLessThan(17)
  })
})

describe('Services', () => {
  const service = (name: string, spec: object = {}) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default' },
    spec: { ports: [{ port: 80 }], ...spec },
  })

  test('the API server has the first address', () => {
    expect(new World().server.read(Services, 'default', 'kubernetes')).toMatchObject({
      spec: { clusterIP: '10.96.0.1', ports: [{ port: 443, targetPort: 6443 }] },
    })
  })

  test('never share an address, not even after a restart', () => {
    const world = new World()
    const first = world.create<Service>(Services, service('a', { clusterIP: '10.96.0.77' }))
    expect(first.spec.clusterIP).toBe('10.96.0.77')
    const taken = () => world.ask('create', Services, 'default/', service('b', { clusterIP: '10.96.0.77' }))
    expect(refusalOf(taken())).toContain('provided IP is already allocated')
    world.restart()
    expect(refusalOf(taken())).toContain('provided IP is already allocated')
    world.ask('delete', Services, 'default/a')
    expect(taken().ok).toBe(true)
  })

  test('a refused one takes nothing', () => {
    const world = new World()
    world.create(Services, service('a', { type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }] }))
    const twice = service('a', { clusterIP: '10.96.0.9', ports: [{ port: 80 }] })
    expect(refusalOf(world.ask('create', Services, 'default/', twice))).toContain('already exists')
    const result = world.ask('create', Services, 'default/', service('b', { clusterIP: '10.96.0.9' }))
    expect(result.ok).toBe(true)
    const port = service('c', { type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }] })
    expect(refusalOf(world.ask('create', Services, 'default/', port))).toBe(
      '422 Invalid: Service "c" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated',
    )
  })
})

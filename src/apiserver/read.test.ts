import { describe, expect, test } from 'vitest'
import { ConfigMaps, type KubeList, type KubeObject, Pods } from '../api/index.ts'
import type { RequestOptions } from '../client/index.ts'
import type { EtcdPort } from '../etcd/index.ts'
import { configMap, pod, refusalOf, World, worldWithAccount } from './world.testing.ts'

const withConfigMaps = (count: number) => {
  const world = new World()
  for (let i = 0; i < count; i++) {
    const metadata = {
      name: `c${i}`,
      namespace: i % 2 ? 'kube-public' : 'default',
      labels: { n: `${i % 3}` },
    }
    world.create(ConfigMaps, { ...configMap(''), metadata })
  }
  return world
}

const list = (world: World, path: string, options: RequestOptions = {}) =>
  world.must<KubeList>(world.ask('list', ConfigMaps, path, undefined, options))

const unavailable: EtcdPort<KubeObject>['range'] = (_, reply) =>
  reply({ ok: false, error: { code: 'Unavailable', message: 'etcdserver: request timed out' } })

const names = (items: readonly KubeObject[]) => items.map(item => item.metadata.name)

describe('a list', () => {
  test('is in the order of keys, of one namespace or all', () => {
    const world = withConfigMaps(5)
    expect(names(list(world, 'default/').items)).toEqual(['c0', 'c2', 'c4'])
    const all = list(world, '/')
    expect(names(all.items)).toEqual(['c0', 'c2', 'c4', 'c1', 'c3'])
    expect([all.kind, all.apiVersion]).toEqual(['ConfigMapList', 'v1'])
    expect(Number(all.metadata.resourceVersion)).toBe(world.server.revision)
  })

  test('shows what this server has just written', () => {
    const world = new World()
    const created = world.send('create', ConfigMaps, 'default/', configMap('a'))
    const read = world.send<KubeList>('list', ConfigMaps, 'default/')
    world.settle()
    expect(created.result?.ok).toBe(true)
    expect(read.result?.ok && read.result.object.items).toEqual([])
    expect(names(list(world, 'default/').items)).toEqual(['a'])
  })

  test.each([
    [{ labelSelector: 'n=0' }, ['c0', 'c3']],
    [{ labelSelector: 'n notin (0,1)' }, ['c2']],
    [{ fieldSelector: 'metadata.name=c1' }, ['c1']],
    [{ fieldSelector: 'metadata.namespace=kube-public' }, ['c1', 'c3']],
    [{ fieldSelector: 'metadata.name!=c1', labelSelector: 'n=1' }, ['c4']],
  ])('selects by %j', (options, expected) => {
    expect(names(list(withConfigMaps(5), '/', options).items)).toEqual(expected)
  })

  test('by a field that cannot be selected is refused', () => {
    const world = worldWithAccount()
    world.create(Pods, pod('a'))
    const options = { fieldSelector: 'spec.priority=1' }
    expect(refusalOf(world.ask('list', Pods, 'default/', undefined, options))).toBe(
      '400 BadRequest: field label not supported: spec.priority',
    )
  })
})

describe('a list in pages', () => {
  test('shows one revision, whatever happens between the pages', () => {
    const world = withConfigMaps(7)
    const first = list(world, '/', { limit: 3 })
    expect([names(first.items), first.metadata.remainingItemCount]).toEqual([['c0', 'c2', 'c4'], 4])
    world.ask('delete', ConfigMaps, 'kube-public/c1')
    world.create(ConfigMaps, configMap('c5x', {}, 'kube-public'))
    const second = list(world, '/', { limit: 3, continue: first.metadata.continue })
    expect([names(second.items), second.metadata.remainingItemCount]).toEqual([['c6', 'c1', 'c3'], 1])
    const third = list(world, '/', { limit: 3, continue: second.metadata.continue })
    expect([names(third.items), third.metadata.continue]).toEqual([['c5'], undefined])
    expect(third.metadata.resourceVersion).toBe(first.metadata.resourceVersion)
  })

  test('fills pages though a selector leaves most out', () => {
    const world = withConfigMaps(12)
    const seen: string[] = []
    let token: string | undefined
    do {
      const page = list(world, '/', { limit: 2, labelSelector: 'n=1', continue: token })
      expect(page.items.length).toBeLessThanOrEqual(2)
      seen.push(...names(page.items))
      token = page.metadata.continue
    } while (token)
    expect(seen).toEqual(['c10', 'c4', 'c1', 'c7'])
  })

  test('is over when its revision is compacted', () => {
    const world = withConfigMaps(5)
    const first = list(world, '/', { limit: 2 })
    world.create(ConfigMaps, configMap('later'))
    world.sim.advance(11 * 60_000)
    const options = { limit: 2, continue: first.metadata.continue }
    expect(refusalOf(world.ask('list', ConfigMaps, '/', undefined, options))).toContain(
      '410 Expired: The provided continue parameter is too old to display a consistent list result.',
    )
    const refused = world.ask('list', ConfigMaps, '/', undefined, options)
    const { metadata } = (refused as unknown as { status: { metadata: { continue: string } } }).status
    const rest = list(world, '/', { limit: 10, continue: metadata.continue })
    expect(names(rest.items)).toEqual(['c4', 'later', 'c1', 'c3'])
  })

  test('needs etcd, unless any version will do', () => {
    const world = withConfigMaps(1)
    let isReachable = true
    const etcd = new Proxy(world.etcd, {
      get(target, name) {
        if (name === 'isReachable') return isReachable
        if (name === 'range' && !isReachable) return unavailable
        const value = Reflect.get(target, name) as unknown
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    world.restart({ etcd })
    world.sim.advance(100)
    isReachable = false
    expect(refusalOf(world.ask('get', ConfigMaps, 'default/c0'))).toBe('500 : etcdserver: request timed out')
    expect(refusalOf(world.ask('list', ConfigMaps, '/'))).toBe('500 : etcdserver: request timed out')
    expect(list(world, '/', { resourceVersion: '0' }).items).toHaveLength(1)
  })

  test('takes no token but its own', () => {
    const options = { continue: 'abc' }
    expect(refusalOf(new World().ask('list', ConfigMaps, '/', undefined, options))).toContain(
      '400 BadRequest: continue key is not valid',
    )
  })
})

describe('a resourceVersion', () => {
  test('0 is answered with whatever is there', () => {
    const world = withConfigMaps(1)
    world.settle()
    world.send('delete', ConfigMaps, 'default/c0')
    const read = world.send<KubeList>('list', ConfigMaps, '/', undefined, { resourceVersion: '0' })
    expect(read.result?.ok && names(read.result.object.items)).toEqual(['c0'])
  })

  test('of the future is waited for, three seconds', () => {
    const world = new World()
    const next = String(world.server.revision + 1)
    const read = world.send('list', ConfigMaps, '/', undefined, { resourceVersion: next })
    world.sim.advance(1000)
    expect(read.result).toBeUndefined()
    world.create(ConfigMaps, configMap('a'))
    world.settle()
    expect(read.result?.ok).toBe(true)
    const never = world.ask('list', ConfigMaps, '/', undefined, { resourceVersion: '999' })
    expect(refusalOf(never)).toBe(
      `504 Timeout: Timeout: Too large resource version: 999, current: ${world.server.revision}`,
    )
  })

  test('can be asked for exactly', () => {
    const world = withConfigMaps(2)
    const { resourceVersion } = list(world, '/').metadata
    world.ask('delete', ConfigMaps, 'default/c0')
    const exact = { resourceVersion, resourceVersionMatch: 'Exact' } as const
    expect(names(list(world, '/', exact).items)).toEqual(['c0', 'c1'])
    expect(names(list(world, '/').items)).toEqual(['c1'])
  })
})

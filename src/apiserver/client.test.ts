import { expect, test } from 'vitest'
import { ConfigMaps } from '../api/index.ts'
import { Informers, Wire } from '../client/index.ts'
import { LIMITS } from '../sim/index.ts'
import { configMap, World } from './world.testing.ts'

test('an informer over a wire keeps up through crashes and lost history', () => {
  const world = new World()
  const wire = new Wire(world.sim)
  let isUp = true
  const api = wire.connect('client', 'apiserver', () => (isUp ? world.server : undefined), world.user)
  const informers = new Informers(world.sim.root.child('client'), api)
  const informer = informers.of(ConfigMaps)
  informers.start()
  world.create(ConfigMaps, configMap('a'))
  world.sim.advance(1000)
  const seen = () => informer.all().map(object => object.metadata.name)
  expect(seen()).toEqual(['a'])

  isUp = false
  world.crash()
  wire.disconnect('apiserver')
  world.sim.advance(5000)
  isUp = true
  world.restart()
  world.create(ConfigMaps, configMap('b'))
  world.sim.advance(60_000)
  expect(seen()).toEqual(['a', 'b'])

  wire.cut('client', 'apiserver')
  let last = world.create(ConfigMaps, configMap('c'))
  world.ask('delete', ConfigMaps, 'default/a')
  for (let i = 0; i < 2 * LIMITS.watchCacheChanges; i++) {
    last = world.must(world.ask('update', ConfigMaps, 'default/c', { ...last, data: { x: `${i}` } }))
  }
  world.sim.advance(60_000)
  wire.heal()
  world.sim.advance(60_000)
  expect(seen()).toEqual(['b', 'c'])
  expect(informer.get('default', 'c')).toBe(world.server.read(ConfigMaps, 'default', 'c'))
})

import { expect, test } from 'vitest'
import { ConfigMaps, Namespaces } from '../api/index.ts'
import { configMap, World } from './world.testing.ts'

test('a new cluster has its namespaces', () => {
  const world = new World()
  expect(world.server.readAll(Namespaces).map(n => n.metadata.name)).toEqual([
    'default',
    'kube-node-lease',
    'kube-public',
    'kube-system',
  ])
})

test('creates, reads, updates and deletes', () => {
  const world = new World()
  const watched = world.watch(ConfigMaps, 'default/')
  const created = world.create(ConfigMaps, configMap('a', { x: '1' }))
  expect(created.metadata.uid).toMatch(/^[0-9a-f-]{36}$/)
  expect(world.ask('get', ConfigMaps, 'default/a')).toMatchObject({ ok: true, object: created })
  const updated = world.ask('update', ConfigMaps, 'default/a', { ...created, data: { x: '2' } })
  expect(updated).toMatchObject({ ok: true, code: 200, object: { data: { x: '2' } } })
  expect(world.ask('delete', ConfigMaps, 'default/a')).toMatchObject({
    ok: true,
    object: { status: 'Success' },
  })
  expect(world.ask('get', ConfigMaps, 'default/a')).toMatchObject({ ok: false, code: 404 })
  expect(watched.story()).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a'])
})

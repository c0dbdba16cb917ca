/** What happens to dependents, and to namespaces' contents, against a real API server. */
import { describe, expect, test } from 'vitest'
import {
  ConfigMaps,
  type KubeObject,
  type Namespace,
  Namespaces,
  Secrets,
  ServiceAccounts,
} from '../../src/api/index.ts'
import { ControlPlane } from './control-plane.ts'

const ownedBy = (owner: KubeObject, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name: owner.metadata.name,
  uid: owner.metadata.uid,
  ...more,
})

function family(dependents: number, more: object = {}) {
  const plane = new ControlPlane()
  const owner = plane.create(ConfigMaps, { metadata: { name: 'owner', namespace: 'default' } })
  for (let i = 0; i < dependents; i++) {
    const metadata = { name: `dependent-${i}`, namespace: 'default', ownerReferences: [ownedBy(owner, more)] }
    plane.create(Secrets, { metadata })
  }
  plane.sim.advance(100)
  const left = () => plane.list<KubeObject>(Secrets, 'default').map(object => object.metadata.name)
  return { plane, owner, left }
}

describe('deleting an owner', () => {
  test('in the background: it goes at once, its dependents after it, for two requests at most each', () => {
    const { plane, left } = family(30)
    const before = plane.wire.requestsOf('kube-controller-manager')
    plane.delete(ConfigMaps, 'default', 'owner')
    expect(plane.get(ConfigMaps, 'default', 'owner')).toBeUndefined()
    plane.sim.advance(2_000)
    expect(left()).toEqual([])
    expect(plane.wire.requestsOf('kube-controller-manager') - before).toBeLessThanOrEqual(60)
  })

  test('in the foreground: it waits for dependents that block it', () => {
    const { plane, left } = family(3, { blockOwnerDeletion: true })
    plane.patch(Secrets, 'default', 'dependent-1', { metadata: { finalizers: ['example.com/wait'] } })
    plane.delete(ConfigMaps, 'default', 'owner', { propagationPolicy: 'Foreground' })
    plane.sim.advance(2_000)
    expect(left()).toEqual(['dependent-1'])
    const owner = plane.get<KubeObject>(ConfigMaps, 'default', 'owner')
    expect(owner?.metadata.finalizers).toEqual(['foregroundDeletion'])
    plane.patch(Secrets, 'default', 'dependent-1', { metadata: { finalizers: null } })
    plane.sim.advance(2_000)
    expect(left()).toEqual([])
    expect(plane.get(ConfigMaps, 'default', 'owner')).toBeUndefined()
  })

  test('orphaning: dependents stay and forget it', () => {
    const { plane, left } = family(3)
    plane.delete(ConfigMaps, 'default', 'owner', { propagationPolicy: 'Orphan' })
    plane.sim.advance(2_000)
    expect(plane.get(ConfigMaps, 'default', 'owner')).toBeUndefined()
    expect(left()).toHaveLength(3)
    for (const secret of plane.list<KubeObject>(Secrets, 'default')) {
      expect(secret.metadata.ownerReferences ?? []).toEqual([])
    }
  })

  test('leaves what has another owner, without the reference', () => {
    const { plane, owner } = family(0)
    const other = plane.create(ConfigMaps, { metadata: { name: 'other', namespace: 'default' } })
    const ownerReferences = [ownedBy(owner), ownedBy(other)]
    plane.create(Secrets, { metadata: { name: 'shared', namespace: 'default', ownerReferences } })
    plane.delete(ConfigMaps, 'default', 'owner')
    plane.sim.advance(2_000)
    const shared = plane.get<KubeObject>(Secrets, 'default', 'shared')
    expect(shared?.metadata.ownerReferences?.map(reference => reference.name)).toEqual(['other'])
  })

  test('while the controllers are down: dependents go when they are back', () => {
    const { plane, left } = family(5)
    plane.crashManager()
    plane.delete(ConfigMaps, 'default', 'owner')
    plane.sim.advance(10_000)
    expect(left()).toHaveLength(5)
    plane.startManager()
    plane.sim.advance(5_000)
    expect(left()).toEqual([])
  })
})

test('an object whose owner never existed is deleted, after a look at the API server', () => {
  const plane = new ControlPlane()
  const ghost = { apiVersion: 'v1', kind: 'ConfigMap', name: 'ghost', uid: 'no-such-uid' }
  plane.create(Secrets, { metadata: { name: 'lost', namespace: 'default', ownerReferences: [ghost] } })
  plane.sim.advance(2_000)
  expect(plane.get(Secrets, 'default', 'lost')).toBeUndefined()
})

describe('a namespace', () => {
  test('gets its service account and root certificate, also again when they are deleted', () => {
    const plane = new ControlPlane()
    plane.create(Namespaces, { metadata: { name: 'shop' } })
    plane.sim.advance(1_000)
    expect(plane.get(ServiceAccounts, 'shop', 'default')).toBeDefined()
    expect(plane.get(ConfigMaps, 'shop', 'kube-root-ca.crt')).toBeDefined()
    plane.delete(ServiceAccounts, 'shop', 'default')
    plane.delete(ConfigMaps, 'shop', 'kube-root-ca.crt')
    plane.sim.advance(1_000)
    expect(plane.get(ServiceAccounts, 'shop', 'default')).toBeDefined()
    expect(plane.get(ConfigMaps, 'shop', 'kube-root-ca.crt')).toBeDefined()
  })

  test('is emptied and goes', () => {
    const plane = new ControlPlane()
    plane.create(Namespaces, { metadata: { name: 'shop' } })
    plane.create(Secrets, { metadata: { name: 'a', namespace: 'shop' } })
    plane.sim.advance(1_000)
    plane.delete(Namespaces, '', 'shop')
    plane.sim.advance(20_000)
    expect(plane.get(Namespaces, '', 'shop')).toBeUndefined()
    expect(plane.list(Secrets, 'shop')).toEqual([])
  })

  test('says what holds it up', () => {
    const plane = new ControlPlane()
    plane.create(Namespaces, { metadata: { name: 'shop' } })
    plane.create(Secrets, { metadata: { name: 'a', namespace: 'shop', finalizers: ['example.com/wait'] } })
    plane.sim.advance(1_000)
    plane.delete(Namespaces, '', 'shop')
    plane.sim.advance(20_000)
    const { status } = plane.get<Namespace>(Namespaces, '', 'shop')!
    expect(status.phase).toBe('Terminating')
    const messages = status.conditions?.filter(one => one.status === 'True').map(one => one.message)
    expect(messages).toEqual([
      'Some resources are remaining: secrets. has 1 resource instances',
      'Some content in the namespace has finalizers remaining: example.com/wait in 1 resource instances',
    ])
    plane.patch(Secrets, 'shop', 'a', { metadata: { finalizers: null } })
    plane.sim.advance(30_000)
    expect(plane.get(Namespaces, '', 'shop')).toBeUndefined()
  })
})

import { describe, expect, test } from 'vitest'
import { Leases, Nodes, Pods, ServiceAccounts } from '../../../api/index.ts'
import { pod, refusalOf, serviceAccount, World } from '../../world.testing.ts'

const kubelet = (name: string) => ({
  name: `system:node:${name}`,
  groups: ['system:nodes', 'system:authenticated'],
})
const node = (name: string, labels: object = {}, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels },
  spec,
})

/** Two nodes, and a pod on each. */
function started(): World {
  const world = new World({ authorization: 'RBAC' })
  world.sim.advance(200)
  world.create(ServiceAccounts, serviceAccount())
  for (const name of ['one', 'two']) world.create(Nodes, node(name))
  world.settle()
  for (const name of ['one', 'two']) world.create(Pods, pod(`on-${name}`, { spec: { nodeName: name } }))
  world.settle()
  return world
}

const AS_ONE = { as: kubelet('one') }

describe('a kubelet and its Node', () => {
  test('it makes its own, and no other', () => {
    const world = started()
    const as = kubelet('three')
    expect(world.ask('create', Nodes, '/', node('three'), { as }).ok).toBe(true)
    expect(refusalOf(world.ask('create', Nodes, '/', node('four'), { as }))).toBe(
      '403 Forbidden: nodes "four" is forbidden: node "three" is not allowed to modify node "four"',
    )
  })

  test('it labels itself with nothing that draws pods', () => {
    const world = started()
    const labels = {
      'kubernetes.io/hostname': 'three',
      'node.kubernetes.io/rack': 'a',
      team: 'b',
      'node-role.kubernetes.io/control-plane': '',
      'node-restriction.kubernetes.io/secure': 'yes',
    }
    const refused = world.ask('create', Nodes, '/', node('three', labels), { as: kubelet('three') })
    expect(refusalOf(refused)).toContain(
      'node "three" is not allowed to set the following labels: node-restriction.kubernetes.io/secure, node-role.kubernetes.io/control-plane',
    )
    const patch = (labels: object) =>
      world.ask('patch', Nodes, '/one', { metadata: { labels } }, { patchType: 'merge', ...AS_ONE })
    expect(patch({ 'kubernetes.io/os': 'linux', team: 'c' }).ok).toBe(true)
    expect(refusalOf(patch({ 'topology.k8s.io/zone': 'x' }))).toBe(
      '403 Forbidden: nodes "one" is forbidden: is not allowed to modify labels: topology.k8s.io/zone',
    )
  })

  test('it takes off none of its taints', () => {
    const world = started()
    const spec = { taints: [{ key: 'a', effect: 'NoSchedule' }] }
    world.must(world.ask('patch', Nodes, '/one', { spec }, { patchType: 'merge' }))
    world.settle()
    const off = world.ask(
      'patch',
      Nodes,
      '/one',
      { spec: { taints: null } },
      { patchType: 'merge', ...AS_ONE },
    )
    expect(refusalOf(off)).toContain('node "one" is not allowed to modify taints')
  })
})

describe('a kubelet and pods', () => {
  test('it writes the status of its own, without their labels', () => {
    const world = started()
    const write = (name: string, body: object) =>
      world.ask('patch', Pods, `default/${name}#status`, body, { patchType: 'merge', ...AS_ONE })
    expect(write('on-one', { status: { phase: 'Running' } }).ok).toBe(true)
    expect(refusalOf(write('on-two', { status: { phase: 'Running' } }))).toContain(
      'node "one" can only update pod status for pods with spec.nodeName set to itself',
    )
    expect(refusalOf(write('on-one', { metadata: { labels: { a: 'b' } } }))).toContain(
      'node "one" cannot update labels through pod status',
    )
  })

  test('it deletes its own', () => {
    const world = started()
    expect(refusalOf(world.ask('delete', Pods, 'default/on-two', undefined, AS_ONE))).toContain(
      'node "one" can only delete pods with spec.nodeName set to itself',
    )
    expect(world.ask('delete', Pods, 'default/on-one', undefined, AS_ONE).ok).toBe(true)
  })

  test('it makes mirrors of static ones, which refer to nothing', () => {
    const world = started()
    const uid = world.server.read(Nodes, '', 'one')!.metadata.uid
    const owner = { apiVersion: 'v1', kind: 'Node', name: 'one', uid, controller: true }
    const annotations = { 'kubernetes.io/config.mirror': 'x' }
    const ask = (metadata: object, spec: object = {}) =>
      world.ask(
        'create',
        Pods,
        'default/',
        pod('static', { metadata, spec: { nodeName: 'one', ...spec } }),
        AS_ONE,
      )
    expect(refusalOf(ask({}))).toContain(
      'pod does not have "kubernetes.io/config.mirror" annotation, node "one" can only create mirror pods',
    )
    expect(refusalOf(ask({ annotations }))).toContain(
      'can only create pods with an owner reference set to itself',
    )
    const mirror = { annotations, ownerReferences: [owner] }
    expect(refusalOf(ask(mirror, { nodeName: 'two' }))).toContain(
      'can only create pods with spec.nodeName set to itself',
    )
    const volumes = [{ name: 'a', configMap: { name: 'b' } }]
    expect(refusalOf(ask(mirror, { volumes }))).toContain('can not create pods that reference configmaps')
    expect(ask(mirror).ok).toBe(true)
  })
})

test('a kubelet gets tokens only for pods of its own', () => {
  const world = started()
  const ask = (name: string, more: object = {}) => {
    const { uid } = world.server.read(Pods, 'default', name)!.metadata
    const boundObjectRef = { apiVersion: 'v1', kind: 'Pod', name, uid, ...more }
    return world.ask('create', ServiceAccounts, 'default/default#token', { spec: { boundObjectRef } }, AS_ONE)
  }
  expect(ask('on-one').ok).toBe(true)
  expect(refusalOf(ask('on-two'))).toContain(
    'node requested token bound to a pod scheduled on a different node',
  )
  expect(refusalOf(ask('on-one', { kind: 'Secret' }))).toContain('node requested token not bound to a pod')
  expect(refusalOf(ask('on-one', { uid: '' }))).toContain(
    'node requested token with a pod binding without a uid',
  )
})

test('a kubelet renews its own Lease', () => {
  const world = started()
  const lease = (name: string, namespace: string) =>
    world.ask('create', Leases, `${namespace}/`, { metadata: { name, namespace }, spec: {} }, AS_ONE)
  expect(lease('one', 'kube-node-lease').ok).toBe(true)
  expect(refusalOf(lease('two', 'kube-node-lease'))).toContain(
    'can only access node lease with the same name as the requesting node',
  )
})

test('nobody else is restricted', () => {
  const world = started()
  const body = { metadata: { labels: { 'node-role.kubernetes.io/worker': '' } } }
  expect(world.ask('patch', Nodes, '/two', body, { patchType: 'merge' }).ok).toBe(true)
})

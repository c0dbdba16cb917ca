/** Nodes that fall silent and come back: what a person sees. */
import { describe, expect, test } from 'vitest'
import { Nodes, type Pod, Pods } from '../../src/api/index.ts'
import { ControlPlane } from './control-plane.ts'

const UNREACHABLE = 'node.kubernetes.io/unreachable'
const ready = (plane: ControlPlane, name: string) =>
  plane.node(name).status.conditions?.find(condition => condition.type === 'Ready')

function cluster(nodes: number) {
  const plane = new ControlPlane()
  for (let i = 1; i <= nodes; i++) plane.addNode(`node-${i}`)
  plane.sim.advance(20_000)
  return plane
}

describe('a node that falls silent', () => {
  test('is marked Unknown 50 to 65 s later, tainted, and its pods are evicted 300 s after that', () => {
    const plane = cluster(3)
    plane.addPod('web', { spec: { nodeName: 'node-1' } })
    plane.setPod('web', { ip: '10.244.0.5' })
    plane.silence('node-1')
    plane.sim.advance(49_000)
    expect(ready(plane, 'node-1')?.status).toBe('True')
    plane.sim.advance(17_000)
    expect(ready(plane, 'node-1')).toMatchObject({
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
    })
    expect(plane.taints('node-1').sort()).toEqual([`${UNREACHABLE}:NoExecute`, `${UNREACHABLE}:NoSchedule`])
    expect(plane.events('NodeNotReady')).toEqual(
      expect.arrayContaining(['Node node-1 status is now: NodeNotReady', 'Node is not ready']),
    )
    const pod = plane.get<Pod>(Pods, 'default', 'web')
    expect(pod?.status.conditions?.find(condition => condition.type === 'Ready')?.status).toBe('False')
    plane.sim.advance(280_000)
    expect(plane.get<Pod>(Pods, 'default', 'web')?.metadata.deletionTimestamp).toBeUndefined()
    plane.sim.advance(25_000)
    expect(plane.get<Pod>(Pods, 'default', 'web')?.metadata.deletionTimestamp).toBeDefined()
    expect(plane.events('TaintManagerEviction')).toEqual(['Marking for deletion Pod default/web'])
  })

  test('that comes back loses its taints, and its pods stay', () => {
    const plane = cluster(3)
    plane.addPod('web', { spec: { nodeName: 'node-1' } })
    plane.setPod('web', { ip: '10.244.0.5' })
    plane.silence('node-1')
    plane.sim.advance(120_000)
    plane.revive('node-1')
    plane.sim.advance(2_000)
    expect(plane.taints('node-1')).toEqual([])
    expect(plane.events('TaintManagerEviction')).toEqual(['Cancelling deletion of Pod default/web'])
    plane.sim.advance(400_000)
    expect(plane.get<Pod>(Pods, 'default', 'web')?.metadata.deletionTimestamp).toBeUndefined()
    expect(ready(plane, 'node-1')?.status).toBe('True')
  })

  test('shares its zone with others: they are emptied one every ten seconds', () => {
    const plane = cluster(10)
    for (const name of ['node-1', 'node-2', 'node-3']) plane.silence(name)
    const tainted = () =>
      ['node-1', 'node-2', 'node-3'].filter(name => plane.taints(name).includes(`${UNREACHABLE}:NoExecute`))
    plane.sim.runUntil(() => plane.taints('node-3').length > 0, 80_000)
    plane.sim.advance(2_000)
    expect(tainted()).toHaveLength(1)
    plane.sim.advance(10_000)
    expect(tainted()).toHaveLength(2)
    plane.sim.advance(10_000)
    expect(tainted()).toHaveLength(3)
  })

  test('together with every other is not emptied: the control plane is cut off', () => {
    const plane = cluster(3)
    for (const name of ['node-1', 'node-2', 'node-3']) plane.silence(name)
    plane.sim.advance(400_000)
    for (const name of ['node-1', 'node-2', 'node-3']) {
      expect(plane.taints(name)).toEqual([`${UNREACHABLE}:NoSchedule`])
    }
    plane.revive('node-1')
    plane.sim.advance(15_000)
    expect(plane.taints('node-1')).toEqual([])
    expect(plane.taints('node-2')).toContain(`${UNREACHABLE}:NoExecute`)
  })
})

test('a cordoned node and one under pressure are tainted, and cleaned again', () => {
  const plane = cluster(1)
  plane.patch(Nodes, '', 'node-1', { spec: { unschedulable: true } })
  plane.sim.advance(1_000)
  expect(plane.taints('node-1')).toEqual(['node.kubernetes.io/unschedulable:NoSchedule'])
  plane.patch(Nodes, '', 'node-1', { spec: { unschedulable: null } })
  plane.sim.advance(1_000)
  expect(plane.taints('node-1')).toEqual([])
})

test('nodes that nobody disturbs cost little: a few events a node and minute beyond their heartbeats', () => {
  const plane = cluster(20)
  const leases = () => plane.wire.requestsOf('kubectl')
  const [events, renewals] = [plane.sim.events, leases()]
  plane.sim.advance(600_000)
  const perRenewal = (plane.sim.events - events) / (leases() - renewals)
  expect(perRenewal).toBeLessThan(12)
  expect(plane.wire.requestsOf('kube-controller-manager')).toBeLessThan(300)
})

describe('pods of a node that was deleted', () => {
  test('are deleted by force once it has been missing for 40 s', () => {
    const plane = cluster(2)
    plane.addPod('web', { spec: { nodeName: 'node-1' } })
    plane.setPod('web', { ip: '10.244.0.5' })
    plane.silence('node-1')
    plane.delete(Nodes, '', 'node-1')
    plane.sim.advance(35_000)
    expect(plane.get<Pod>(Pods, 'default', 'web')).toBeDefined()
    plane.sim.advance(30_000)
    expect(plane.get<Pod>(Pods, 'default', 'web')).toBeUndefined()
    expect(plane.events('RemovingNode')).toEqual(['Node node-1 event: Removing Node node-1 from Controller'])
  })
})

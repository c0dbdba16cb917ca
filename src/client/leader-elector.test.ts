import { describe, expect, test } from 'vitest'
import { type Event, Events, type Lease, Leases } from '../api/index.ts'
import { Simulation } from '../sim/index.ts'
import { EventRecorder } from './event-recorder.ts'
import { LeaderElector } from './leader-elector.ts'
import { MemoryApiServer } from './memory-api-server.testing.ts'
import { Wire } from './wire.ts'

function world() {
  const sim = new Simulation({ seed: 7 })
  const server = new MemoryApiServer(sim.root.child('apiserver'))
  const wire = new Wire(sim)
  const candidate = (identity: string) => {
    const scope = sim.root.child(identity)
    const api = wire.connect(identity, 'apiserver', () => server, { name: 'tester', groups: [] }, { scope })
    const recorder = new EventRecorder(scope, api, { component: 'scheduler' })
    const story: string[] = []
    const elector = new LeaderElector(scope, {
      api,
      namespace: 'kube-system',
      name: 'kube-scheduler',
      identity,
      recorder,
      onStartedLeading: () => story.push('started'),
      onStoppedLeading: () => story.push('stopped'),
    })
    elector.start()
    return { scope, elector, story }
  }
  const lease = () => server.get(Leases, 'kube-system/kube-scheduler') as Lease
  return { sim, server, wire, candidate, lease }
}

describe('leader election', () => {
  test('gives the lease to one, who renews it every two seconds and says so', () => {
    const { sim, server, candidate, lease } = world()
    const a = candidate('a')
    sim.advance(100)
    const b = candidate('b')
    sim.advance(60_000)
    expect([a.elector.isLeader, b.elector.isLeader]).toEqual([true, false])
    expect(lease().spec).toMatchObject({ holderIdentity: 'a', leaseDurationSeconds: 15, leaseTransitions: 0 })
    expect(sim.now - Date.parse(lease().spec.renewTime ?? '')).toBeLessThan(2_100)
    expect((server.all(Events) as Event[]).map(event => event.message)).toEqual(['a became leader'])
  })

  test('passes to another 15 s after the holder was last heard of', () => {
    const { sim, candidate, lease } = world()
    const a = candidate('a')
    sim.advance(1_000)
    const b = candidate('b')
    sim.advance(10_000)
    a.scope.close()
    sim.advance(12_000)
    expect(b.elector.isLeader).toBe(false)
    sim.advance(9_000)
    expect(b.elector.isLeader).toBe(true)
    expect(lease().spec).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 })
  })

  test('is given up by a holder that cannot renew for 10 s', () => {
    const { sim, server, candidate } = world()
    const a = candidate('a')
    sim.advance(1_000)
    const { refuse } = server
    server.refuse = () => ({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code: 500 })
    sim.advance(15_000)
    expect(a.story).toEqual(['started', 'stopped'])
    expect(a.elector.isLeader).toBe(false)
    server.refuse = refuse
  })
})

import { describe, expect, test } from 'vitest'
import { ConfigMaps, type Event, Events, statuses } from '../api/index.ts'
import { Simulation } from '../sim/index.ts'
import { EventRecorder } from './event-recorder.ts'
import { MemoryApiServer } from './memory-api-server.testing.ts'
import { Wire } from './wire.ts'

function world() {
  const sim = new Simulation({ seed: 7 })
  const server = new MemoryApiServer(sim.root.child('apiserver'))
  const wire = new Wire(sim)
  const api = wire.connect('node-1', 'apiserver', () => server, { name: 'tester', groups: [] })
  const recorder = new EventRecorder(sim.root, api, { component: 'kubelet', host: 'node-1' })
  const about = server.put(ConfigMaps, { metadata: { name: 'web', namespace: 'shop', uid: 'u1' } })
  const events = () => server.all(Events) as Event[]
  return { sim, server, wire, recorder, about, events }
}

describe('an event recorder', () => {
  test('writes what tools/record writes', () => {
    const { sim, recorder, about, events } = world()
    recorder.event(about, 'Normal', 'Pulled', 'Image is there', 'spec.containers{web}')
    sim.advance(20)
    const [event] = events()
    expect(event).toMatchObject({
      involvedObject: {
        kind: 'ConfigMap',
        namespace: 'shop',
        name: 'web',
        fieldPath: 'spec.containers{web}',
      },
      reason: 'Pulled',
      message: 'Image is there',
      type: 'Normal',
      count: 1,
      source: { component: 'kubelet', host: 'node-1' },
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:00Z',
      eventTime: null,
      reportingComponent: 'kubelet',
      reportingInstance: 'node-1',
    })
    const hex = event?.metadata.name.split('.')[1] ?? ''
    expect(hex).toMatch(/^[0-9a-f]{16}$/)
    expect(BigInt(`0x${hex}`) / 1_000_000n).toBe(BigInt(sim.startMs))
  })

  test('names what is said in one millisecond in the order it is said', () => {
    const { sim, recorder, about, events } = world()
    const reasons = ['Pulled', 'Created', 'Started', 'Unhealthy', 'Killing', 'BackOff']
    for (const reason of reasons) recorder.event(about, 'Normal', reason, reason)
    sim.advance(20)
    const byName = events().toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    expect(byName.map(({ reason }) => reason)).toEqual(reasons)
  })

  test('counts the same again instead of writing it again', () => {
    const { sim, server, recorder, about, events } = world()
    for (let i = 0; i < 5; i++) {
      recorder.event(about, 'Warning', 'BackOff', 'again')
      sim.advance(1_000)
    }
    expect(events()).toHaveLength(1)
    expect(events()[0]).toMatchObject({ count: 5, lastTimestamp: '2026-01-01T00:00:04Z' })
    expect(server.seen.map(request => request.split(' ')[0])).toEqual([
      'create',
      'patch',
      'patch',
      'patch',
      'patch',
    ])
  })

  test('combines what is similar from the tenth wording on', () => {
    const { sim, recorder, about, events } = world()
    for (let i = 1; i <= 12; i++) {
      recorder.event(about, 'Normal', 'SuccessfulCreate', `Created pod: web-${i}`)
      sim.advance(100)
    }
    expect(events()).toHaveLength(10)
    expect(events()[9]).toMatchObject({
      message: '(combined from similar events): Created pod: web-12',
      count: 3,
    })
  })

  test('cuts a flood about one object off at 25, and lets one through every five minutes', () => {
    const { sim, server, recorder, about } = world()
    for (let i = 0; i < 40; i++) {
      recorder.event(about, 'Warning', `Reason${i}`, 'flood')
      sim.advance(10)
    }
    expect(server.seen).toHaveLength(25)
    sim.advance(300_000)
    recorder.event(about, 'Warning', 'Reason99', 'flood')
    sim.advance(20)
    expect(server.seen).toHaveLength(26)
  })

  test('writes an expired Event anew, keeps trying an unreachable server, and drops what is refused', () => {
    const { sim, server, wire, recorder, about, events } = world()
    recorder.event(about, 'Warning', 'BackOff', 'again')
    sim.advance(20)
    server.remove(Events, `shop/${events()[0]?.metadata.name}`)
    recorder.event(about, 'Warning', 'BackOff', 'again')
    sim.advance(20)
    expect(events()[0]).toMatchObject({ count: 2 })

    wire.cut('node-1')
    recorder.event(about, 'Normal', 'Started', 'late')
    sim.advance(35_000)
    wire.heal()
    sim.advance(60_000)
    expect(events().map(event => event.reason)).toEqual(['BackOff', 'Started'])

    server.refuse = () => statuses.forbidden(Events, '', 'no')
    recorder.event(about, 'Normal', 'Killing', 'refused')
    sim.advance(200_000)
    expect(server.seen.filter(request => request.startsWith('create'))).toHaveLength(4)
  })
})

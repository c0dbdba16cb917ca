import { describe, expect, test } from 'vitest'
import { ConfigMaps, type Event, Events, type KubeObject, keyOf, Secrets, statuses } from '../api/index.ts'
import { Simulation } from '../sim/index.ts'
import { type CacheIndex, type Controller, DONE, type Intent, type Outcome, type View } from './controller.ts'
import { ControllerHost } from './controller-host.ts'
import { Informers } from './informers.ts'
import { MemoryApiServer } from './memory-api-server.testing.ts'
import { Wire } from './wire.ts'

const byOwner: CacheIndex<KubeObject> = {
  kind: Secrets,
  name: 'owner',
  values: object => object.metadata.ownerReferences?.map(owner => owner.uid) ?? [],
}

/** Wants as many Secrets as a ConfigMap's `wanted` annotation says: a ReplicaSet in small. */
function copies(slowStart = true): Controller<KubeObject> {
  const child = (owner: KubeObject): Intent => ({
    do: 'create',
    kind: Secrets,
    object: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        generateName: `${owner.metadata.name}-`,
        namespace: owner.metadata.namespace,
        ownerReferences: [
          {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            name: owner.metadata.name,
            uid: owner.metadata.uid,
            controller: true,
          },
        ],
      },
    },
    event: {
      do: 'event',
      about: owner,
      type: 'Normal',
      reason: 'SuccessfulCreate',
      message: 'Created {name}',
    },
    failureEvent: {
      do: 'event',
      about: owner,
      type: 'Warning',
      reason: 'FailedCreate',
      message: 'Error: {error}',
    },
  })
  const reconcile = (object: KubeObject | undefined, view: View): Outcome => {
    if (!object) return DONE
    const wanted = Number(object.metadata.annotations?.wanted ?? 0)
    const missing = wanted - view.size(byOwner, object.metadata.uid)
    if (missing > 0) {
      const intents = Array.from({ length: missing }, () => child(object))
      return { intents: [{ do: 'batch', slowStart, intents }] }
    }
    if (missing === 0) return DONE
    const extra = view.list(byOwner, object.metadata.uid).slice(wanted)
    return { intents: extra.map(secret => ({ do: 'delete', kind: Secrets, object: secret })) }
  }
  return {
    name: 'copies',
    eventSource: 'copies-controller',
    kind: ConfigMaps,
    watches: [
      {
        kind: Secrets,
        keys: (secret: KubeObject) =>
          secret.metadata.ownerReferences?.map(owner => `default/${owner.name}`) ?? [],
      },
    ],
    indexes: [byOwner],
    expects: [Secrets],
    reconcile,
  }
}

function world(controller: Controller<KubeObject>) {
  const sim = new Simulation({ seed: 7 })
  const server = new MemoryApiServer(sim.root.child('apiserver'))
  const wire = new Wire(sim)
  const scope = sim.root.child('manager')
  const user = { name: 'tester', groups: [] }
  const api = wire.connect('manager', 'apiserver', () => server, user, { scope })
  const watchApi = wire.connect('manager-informers', 'apiserver', () => server, user, { scope })
  const informers = new Informers(scope, watchApi)
  const host = new ControllerHost(scope, { connect: () => api, informers, controllers: [controller] })
  const want = (wanted: number) =>
    server.put(ConfigMaps, {
      metadata: { name: 'web', namespace: 'default', uid: 'owner', annotations: { wanted: `${wanted}` } },
    })
  const stats = () => host.stats.get(controller.name)!
  return { sim, server, wire, scope, host, want, stats }
}

describe('a controller host', () => {
  test('brings about what the controller wants, in few reconciles and without reading what it counts', () => {
    const { sim, server, host, want, stats } = world(copies())
    want(200)
    host.start()
    sim.advance(5_000)
    expect(server.all(Secrets)).toHaveLength(200)
    expect(stats().reconciles).toBeLessThanOrEqual(4)
    expect(stats().objectsRead).toBeLessThanOrEqual(4)
    want(150)
    sim.advance(5_000)
    expect(server.all(Secrets)).toHaveLength(150)
  })

  test('sends batches with slow start in rounds of 1, 2, 4', () => {
    const { sim, server, host, want } = world(copies())
    want(7)
    host.start()
    const perMs = new Map<number, number>()
    for (let i = 0; i < 200; i++) {
      const before = server.all(Secrets).length
      sim.advance(1)
      const made = server.all(Secrets).length - before
      if (made > 0) perMs.set(sim.now, made)
    }
    const rounds: number[] = []
    let lastMs = 0
    for (const [atMs, made] of perMs) {
      if (atMs - lastMs > 2) rounds.push(made)
      else rounds.push((rounds.pop() ?? 0) + made)
      lastMs = atMs
    }
    expect(rounds).toEqual([1, 2, 4])
  })

  test('does not count again before it has seen what it made, however late the watch is', () => {
    const { sim, server, wire, host, want, stats } = world(copies())
    want(10)
    host.start()
    sim.advance(10)
    wire.slow('manager-informers', undefined, { latencyMs: 20_000 })
    want(10)
    sim.advance(200_000)
    expect(server.all(Secrets)).toHaveLength(10)
    expect(stats().conflicts).toBe(0)
  })

  test('does not look at an object again before it has seen its own last write of it', () => {
    let rounds = 0
    const { sim, server, wire, host } = world({
      name: 'counting',
      eventSource: 'counting',
      kind: ConfigMaps,
      watches: [{ kind: Secrets, keys: () => ['default/web'] }],
      indexes: [],
      reconcile(object) {
        if (!object) return DONE
        const metadata = { ...object.metadata, annotations: { round: `${++rounds}` } }
        return { intents: [{ do: 'update', kind: ConfigMaps, object: { ...object, metadata } }] }
      },
      isRelevant: (_object, old) => old === undefined,
    })
    server.put(ConfigMaps, { metadata: { name: 'web', namespace: 'default' } })
    host.start()
    sim.advance(100)
    expect(rounds).toBe(1)
    wire.slow('manager-informers', undefined, { latencyMs: 500 })
    for (const name of ['a', 'b', 'c', 'd']) {
      server.put(Secrets, { metadata: { name, namespace: 'default' } })
      sim.advance(100)
    }
    sim.advance(5_000)
    expect(rounds).toBeGreaterThan(1)
    expect(host.stats.get('counting')?.conflicts).toBe(0)
  })

  test('believes its cache again after five minutes: extra objects appear', () => {
    const { sim, server, wire, host, want } = world(copies())
    host.start()
    sim.advance(20)
    want(3)
    while (!server.seen.some(request => request.startsWith('create secrets'))) sim.step()
    want(3)
    wire.slow('manager-informers', undefined, { latencyMs: 400_000 })
    sim.advance(350_000)
    expect(server.seen.filter(request => request.startsWith('create secrets')).length).toBeGreaterThan(3)
    sim.advance(1_000_000)
    expect(server.all(Secrets)).toHaveLength(3)
  })

  test('stops a batch after the round with a refusal, says so once, and tries again with back-off', () => {
    const { sim, server, host, want } = world(copies())
    server.refuse = request =>
      request.kind === Secrets && request.verb === 'create'
        ? statuses.forbidden(Secrets, '', 'exceeded quota')
        : undefined
    want(100)
    host.start()
    sim.advance(1_000)
    const creates = server.seen.filter(request => request.startsWith('create secrets')).length
    expect(creates).toBeGreaterThan(5)
    expect(creates).toBeLessThan(12)
    const events = server.all(Events) as Event[]
    expect(events.map(event => event.message)).toEqual(['Error: secrets is forbidden: exceeded quota'])
    server.refuse = () => undefined
    sim.advance(10_000)
    expect(server.all(Secrets)).toHaveLength(100)
  })

  test('runs intents in order and leaves the rest undone after a refusal', () => {
    const { sim, server, host } = world({
      name: 'ordered',
      eventSource: 'ordered',
      kind: ConfigMaps,
      watches: [],
      indexes: [],
      reconcile: object =>
        object && object.metadata.labels?.done !== 'yes'
          ? {
              intents: [
                { do: 'update', kind: ConfigMaps, object: { ...object, metadata: labelled(object) } },
                { do: 'update', kind: ConfigMaps, object: { ...object } },
                { do: 'event', about: object, type: 'Normal', reason: 'Never', message: 'never' },
              ],
            }
          : DONE,
    })
    server.put(ConfigMaps, { metadata: { name: 'web', namespace: 'default' } })
    host.start()
    sim.advance(1_000)
    expect(server.seen.filter(request => request.startsWith('update'))).toHaveLength(2)
    expect(host.stats.get('ordered')?.conflicts).toBe(1)
    expect(server.all(Events)).toEqual([])
  })

  test('a crash between two writes leaves the second undone', () => {
    const { sim, server, scope, host, want } = world(copies(true))
    want(100)
    host.start()
    while (server.all(Secrets).length < 3) sim.step()
    scope.close()
    sim.advance(60_000)
    expect(server.all(Secrets).length).toBeLessThan(10)
  })

  test('every reconcile knows what it was caused by', () => {
    const { sim, host, server } = world({
      name: 'why',
      eventSource: 'why',
      kind: ConfigMaps,
      watches: [],
      indexes: [],
      reconcile: object => {
        if (object) chains.push(sim.trace.chain(sim.cause).map(record => `${record.label} ${record.subject}`))
        return DONE
      },
    })
    const chains: string[][] = []
    host.start()
    sim.advance(20)
    const object = server.put(ConfigMaps, { metadata: { name: 'web', namespace: 'default' } })
    sim.advance(20)
    expect(chains).toEqual([
      [`why/reconcile /registry/configmaps/${keyOf(object)}`, `memory-api-server/commit ${keyOf(object)}`],
    ])
  })
})

function labelled(object: KubeObject): KubeObject['metadata'] {
  return { ...object.metadata, labels: { done: 'yes' } }
}

/** A member on the loop: latency, group commit, causes, watches, leases, crash and recovery. */
import { describe, expect, test } from 'vitest'
import { EPOCH_MS, LIMITS, Simulation } from '../sim/index.ts'
import { Etcd, type EtcdOptions } from './etcd.ts'
import { prefixEnd } from './key-range.ts'
import { MemoryStorage } from './storage.ts'
import type { EtcdEvent, EtcdResult, TxnRequest, WatchSink } from './types.ts'

const PODS = { key: '/registry/pods/', rangeEnd: prefixEnd('/registry/pods/') }

function put(key: string, value = 'v', lease = 0): TxnRequest<string> {
  return { compare: [], success: [{ type: 'put', key, value, lease }], failure: [] }
}

function member(options: EtcdOptions<string> = {}) {
  const sim = new Simulation({ seed: 1 })
  const scope = sim.root.child('etcd')
  const etcd = new Etcd<string>(scope, options)
  etcd.start()
  return { sim, scope, etcd }
}

/** A sink that writes down what it is told, and when. */
function listen(sim: Simulation) {
  const batches: { atMs: number; keys: string[]; revision: number }[] = []
  const events: EtcdEvent<string>[] = []
  const canceledAt: number[] = []
  const sink: WatchSink<string> = {
    deliver(batch, revision) {
      const keys = batch.map(({ type, kv }) => `${type} ${kv.key}`)
      batches.push({ atMs: sim.now - EPOCH_MS, keys, revision })
      events.push(...batch)
    },
    canceled: compactRevision => canceledAt.push(compactRevision),
  }
  return { sink, batches, events, canceledAt }
}

function grant(sim: Simulation, etcd: Etcd<string>, ttlSeconds: number): number {
  let id = 0
  etcd.leaseGrant(ttlSeconds, result => {
    id = result.ok ? result.response.id : -1
  })
  sim.advance(1)
  return id
}

function read(sim: Simulation, etcd: Etcd<string>, key: string): string | undefined {
  let value: string | undefined
  etcd.range({ key }, result => {
    value = result.ok ? result.response.kvs[0]?.value : undefined
  })
  sim.advance(0)
  return value
}

describe('writes', () => {
  test('commit after the disk, those of one millisecond in one event with a revision each', () => {
    const { sim, etcd } = member({ syncMs: 3 })
    const answers: unknown[] = []
    const note = (result: EtcdResult<{ revision: number }>) =>
      answers.push([sim.now - EPOCH_MS, result.ok && result.response.revision])
    for (const key of ['a', 'b', 'c']) etcd.txn(put(key), note)
    sim.advance(1)
    etcd.txn(put('d'), note)
    expect(answers).toEqual([])
    sim.advance(10)
    expect(answers).toEqual([
      [3, 2],
      [3, 3],
      [3, 4],
      [4, 5],
    ])
    expect(sim.events).toBe(2)
  })

  test('of one millisecond take as many events as keep each short, in their order', () => {
    const { sim, etcd } = member({ syncMs: 3 })
    const revisions: number[] = []
    const writes = 2 * LIMITS.writesPerCommit + 1
    for (let i = 0; i < writes; i++) {
      etcd.txn(put(`${i}`), result => revisions.push(result.ok ? result.response.revision : -1))
    }
    sim.advance(3)
    expect(revisions).toEqual(Array.from({ length: writes }, (_, i) => i + 2))
    expect(sim.events).toBe(3)
  })

  test('each keep the cause of their own request', () => {
    const { sim, etcd } = member()
    const { sink, events } = listen(sim)
    etcd.watch(PODS, sink)
    const asked = sim.label('test/asked')
    const repliedTo: number[] = []
    const causes = ['a', 'b'].map(name => {
      const cause = sim.note(asked, sim.subject(name))
      sim.because(cause, () => etcd.txn(put(`/registry/pods/${name}`), () => repliedTo.push(sim.cause)))
      return cause
    })
    sim.advance(5)
    expect(events.map(event => sim.trace.chain(event.cause).map(record => record.label))).toEqual([
      ['etcd/put', 'test/asked'],
      ['etcd/put', 'test/asked'],
    ])
    expect(events.map(event => sim.trace.read(event.cause)?.cause)).toEqual(causes)
    expect(events.map(event => event.cause)).toEqual(repliedTo)
    expect(sim.trace.read(events[1]!.cause)).toMatchObject({ subject: '/registry/pods/b', detail: 3 })
    expect(sim.trace.subjectName(events[1]!.subject)).toBe('/registry/pods/b')
  })

  test('refused ones change nothing and are answered like others', () => {
    const { sim, etcd } = member()
    const messages: unknown[] = []
    etcd.txn(put('a', 'v', 77), result => messages.push(!result.ok && result.error.message))
    etcd.compact(9, result => messages.push(!result.ok && result.error.message))
    const changes = sim.changes
    sim.advance(1)
    expect(messages).toEqual([
      'etcdserver: requested lease not found',
      'etcdserver: mvcc: required revision is a future revision',
    ])
    expect(sim.changes).toBe(changes)
  })

  test('a read sees what is committed, not what is on its way', () => {
    const { sim, etcd } = member()
    etcd.txn(put('a', 'new'), () => {})
    expect(read(sim, etcd, 'a')).toBe(undefined)
    sim.advance(1)
    expect(read(sim, etcd, 'a')).toBe('new')
  })

  test('a read asked for by the answer to a read of the same millisecond is answered too', () => {
    const { sim, etcd } = member()
    let depth = 0
    const again = () => {
      if (++depth < 3) etcd.range({ key: 'a' }, again)
    }
    etcd.range({ key: 'a' }, again)
    sim.advance(0)
    expect(depth).toBe(3)
  })
})

describe('a watch', () => {
  test('gets what a millisecond brought in one delivery, and nothing of other prefixes', () => {
    const { sim, etcd } = member()
    const { sink, batches } = listen(sim)
    etcd.watch(PODS, sink)
    for (const name of ['a', 'b']) etcd.txn(put(`/registry/pods/${name}`), () => {})
    etcd.txn(put('/registry/nodes/n'), () => {})
    sim.advance(5)
    etcd.txn(put('/registry/pods/a'), () => {})
    sim.advance(5)
    expect(batches).toEqual([
      { atMs: 1, keys: ['PUT /registry/pods/a', 'PUT /registry/pods/b'], revision: 4 },
      { atMs: 6, keys: ['PUT /registry/pods/a'], revision: 5 },
    ])
  })

  test('replays the past in a later event, before what comes after', () => {
    const { sim, etcd } = member()
    etcd.txn(put('/registry/pods/a', 'old'), () => {})
    etcd.txn(put('/registry/pods/a', 'new'), () => {})
    sim.advance(5)
    const { sink, events } = listen(sim)
    etcd.watch({ ...PODS, startRevision: 3, prevKv: true }, sink)
    expect(events).toEqual([])
    etcd.txn({ compare: [], success: [{ type: 'deleteRange', ...PODS }], failure: [] }, () => {})
    sim.advance(5)
    expect(events.map(({ type, kv, prevKv }) => [type, kv.modRevision, prevKv?.value])).toEqual([
      ['PUT', 3, 'old'],
      ['DELETE', 4, 'new'],
    ])
  })

  test('from before the compacted revision is cancelled with it', () => {
    const { sim, etcd } = member()
    for (const value of ['1', '2', '3']) etcd.txn(put('a', value), () => {})
    etcd.compact(4, () => {})
    sim.advance(1)
    const { sink, canceledAt, events } = listen(sim)
    etcd.watch({ key: 'a', startRevision: 3 }, sink)
    expect(canceledAt).toEqual([])
    etcd.txn(put('a', '4'), () => {})
    sim.advance(2)
    expect([canceledAt, events]).toEqual([[4], []])
  })

  test('is silent once cancelled, even with events under way, and once its owner is gone', () => {
    const { sim, etcd } = member({ watchMs: 2 })
    const first = listen(sim)
    const second = listen(sim)
    const owner = sim.root.child('client')
    const handle = etcd.watch({ key: 'a' }, first.sink)
    etcd.watch({ key: 'a', owner }, second.sink)
    etcd.txn(put('a'), () => {})
    sim.advance(1)
    handle.cancel()
    handle.cancel()
    owner.close()
    sim.advance(5)
    expect([first.events, second.events]).toEqual([[], []])
  })
})

describe('leases', () => {
  test('expire with their keys at the first check after their time, unless kept alive', () => {
    const { sim, etcd } = member()
    const { sink, batches, events } = listen(sim)
    etcd.watch({ key: '\0', rangeEnd: '\0' }, sink)
    const short = grant(sim, etcd, 10)
    const kept = grant(sim, etcd, 10)
    for (const key of ['b', 'a']) etcd.txn(put(key, 'v', short), () => {})
    etcd.txn(put('k', 'v', kept), () => {})
    sim.advance(8_000)
    const ttls: number[] = []
    etcd.leaseKeepAlive(kept, result => ttls.push(result.ok ? result.response.ttlSeconds : -1))
    sim.advance(4_000)
    // Granted at 1 ms, over at 10,001: the check of 10,500 finds it, the disk takes one more.
    expect(batches.slice(1)).toEqual([{ atMs: 10_501, keys: ['DELETE a', 'DELETE b'], revision: 5 }])
    expect(sim.trace.chain(events[3]!.cause).map(record => record.label)).toEqual([
      'etcd/delete',
      'etcd/lease-expired',
    ])
    etcd.leaseKeepAlive(short, result => ttls.push(result.ok ? result.response.ttlSeconds : -1))
    sim.advance(20_000)
    expect(ttls).toEqual([10, 0])
    expect(batches[2]).toMatchObject({ keys: ['DELETE k'], revision: 6 })
    expect(sim.nextEventMs()).toBe(undefined)
  })

  test('tell the time they have left and their keys', () => {
    const { sim, etcd } = member()
    const id = grant(sim, etcd, 10)
    etcd.txn(put('a', 'v', id), () => {})
    sim.advance(2_500)
    const answers: unknown[] = []
    for (const each of [id, 99])
      etcd.leaseTimeToLive(each, result => answers.push(result.ok && result.response))
    sim.advance(0)
    expect(answers).toEqual([
      { id, ttlSeconds: 7, grantedTtlSeconds: 10, keys: ['a'] },
      { id: 99, ttlSeconds: -1, grantedTtlSeconds: 0, keys: [] },
    ])
  })
})

describe('a crash', () => {
  test('loses what was not on disk and answers nobody; the next member goes on from its storage', () => {
    const storage = new MemoryStorage<string>()
    const { sim, scope, etcd } = member({ storage })
    const { sink, events } = listen(sim)
    etcd.watch({ key: '\0', rangeEnd: '\0' }, sink)
    const lease = grant(sim, etcd, 10)
    etcd.txn(put('a', 'safe', lease), () => {})
    sim.advance(5_000)
    let answers = 0
    etcd.txn(put('b', 'lost'), () => answers++)
    scope.close()
    sim.advance(20_000)
    expect([answers, events.length]).toEqual([0, 1])

    const next = new Etcd<string>(sim.root.child('etcd'), { storage })
    next.start()
    expect([read(sim, next, 'a'), read(sim, next, 'b')]).toEqual(['safe', undefined])
    expect(grant(sim, next, 60)).toBe(lease + 1)
    const later = listen(sim)
    next.watch({ key: 'a', startRevision: 2 }, later.sink)
    // A lease found at the start has its whole time again, and an election's.
    sim.advance(10_900)
    expect(read(sim, next, 'a')).toBe('safe')
    sim.advance(1_000)
    expect(later.events.map(({ type, kv }) => [type, kv.modRevision])).toEqual([
      ['PUT', 2],
      ['DELETE', 3],
    ])
  })

  test('in the middle of a group stops the rest of it', () => {
    const storage = new MemoryStorage<string>()
    const { sim, scope, etcd } = member({ storage })
    etcd.txn(put('a'), () => scope.close())
    etcd.txn(put('b'), () => expect.unreachable('a crashed member does not answer'))
    sim.advance(5)
    expect(storage.load()?.versions.map(({ kv }) => kv.key)).toEqual(['a'])
  })
})

test('the same requests give the same trace', () => {
  const run = () => {
    const { sim, etcd } = member()
    const random = sim.random('test')
    etcd.watch(PODS, { deliver: () => {}, canceled: () => {} })
    for (let i = 0; i < 200; i++) {
      etcd.txn(put(`/registry/pods/${random.below(20)}`), () => {})
      sim.advance(random.below(3))
    }
    return sim.trace.digest()
  }
  expect(run()).toBe(run())
})

import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { Cluster } from '../cluster/index.ts'
import { Exchange } from './exchange.ts'
import { Gateway } from './gateway.ts'
import { Pace } from './pace.ts'

const ADMIN = { name: 'kubernetes-admin', groups: ['system:masters'] }
const NODES = {
  apiVersion: 'v1',
  resource: 'nodes',
  namespace: '',
  name: '',
  subresource: '',
  options: {},
}

const bugs: unknown[] = []
const cluster = Cluster.create({ nodes: 1 })
const failed = (error: unknown) => bugs.push(error)
const pace = new Pace(cluster, 100, failed)
const gateway = new Gateway(cluster, pace, failed)
afterEach(() => {
  pace.stop()
  bugs.length = 0
})

async function livesOn(): Promise<void> {
  const { now } = cluster.sim
  await vi.waitFor(() => expect(cluster.sim.now).toBeGreaterThan(now + 1000), { timeout: 10_000 })
}

const exchange = () => {
  const incoming = new IncomingMessage(new Socket())
  return new Exchange(incoming, new ServerResponse(incoming))
}

test.each([
  [
    'throws',
    () => {
      throw new Error('oops')
    },
  ],
  ['rejects', () => Promise.reject(new Error('oops'))],
])('a reply that %s is a bug of its own: its client has a 500, and the world lives on', async (_, reply) => {
  pace.start()
  const asked = exchange()
  gateway.request(ADMIN, { ...NODES, verb: 'list' }, reply, () => asked.fail())
  await vi.waitFor(() => expect(asked.isOpen).toBe(false), { timeout: 10_000 })
  expect(asked.outgoing.statusCode).toBe(500)
  expect(bugs).toEqual([new Error('oops')])
  await livesOn()
})

test('so is what a watch tells', async () => {
  pace.start()
  const broke = vi.fn()
  const throwing = () => {
    throw new Error('oops')
  }
  gateway.watch(
    ADMIN,
    { ...NODES, verb: 'watch' },
    { opened: throwing, events: () => {}, ended: () => {}, broke },
  )
  await vi.waitFor(() => expect(broke).toHaveBeenCalledTimes(1), { timeout: 10_000 })
  expect(bugs).toEqual([new Error('oops')])
  await livesOn()
})

test('and what a stream tells: it ends with a 500, once', async () => {
  pace.start()
  const ended = vi.fn(() => {
    throw new Error('oops')
  })
  const nowhere = { to: 'node-port', node: 'node-1', port: 31_999 } as const
  gateway.stream(nowhere, { stdout: () => {} }, ended)
  await vi.waitFor(() => expect(ended).toHaveBeenCalledTimes(2), { timeout: 10_000 })
  expect(ended).toHaveBeenLastCalledWith({ failure: expect.objectContaining({ code: 500 }) })
  await livesOn()
  expect(ended).toHaveBeenCalledTimes(2)
})

test('an answer has begun once its socket speaks another protocol', () => {
  const begun = vi.fn()
  const asked = exchange()
  asked.whenBegun(begun)
  asked.handOver()
  expect(begun).toHaveBeenCalledOnce()
})

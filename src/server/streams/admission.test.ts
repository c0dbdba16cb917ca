import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { expect, test, vi } from 'vitest'
import type { ApiServer } from '../../apiserver/index.ts'
import type { ApiResult } from '../../client/index.ts'
import { Exchange } from '../exchange.ts'
import type { Gateway } from '../gateway.ts'
import type { ResourceRoute } from '../route.ts'
import { admitConnection } from './admission.ts'

const ROUTE = { resource: 'pods', subresource: 'exec', verb: 'create' } as ResourceRoute
const ASKS = { admitsConnections: () => true } as unknown as ApiServer

/** Asks, and lets something happen between the answer and what it leads to. */
async function asked(meanwhile: (cluster: { world: object }) => void) {
  const incoming = new IncomingMessage(new Socket())
  incoming.url = '/?command=ls'
  const exchange = new Exchange(incoming, new ServerResponse(incoming))
  const cluster = { world: {} }
  const gateway = {
    cluster,
    request: (_: unknown, { body }: { body: object }, reply: (result: ApiResult) => void) => {
      reply({
        ok: true,
        code: 200,
        object: { apiVersion: 'v1', kind: 'PodExecOptions', ...body },
      } as ApiResult)
      meanwhile(cluster)
    },
  } as unknown as Gateway
  const open = vi.fn()
  const failed = vi.fn()
  admitConnection(exchange, ROUTE, ASKS, { gateway, open, failed })
  await new Promise(resolve => setImmediate(resolve))
  expect(failed).not.toHaveBeenCalled()
  return { open, exchange }
}

test('what has been agreed to is opened, as it was asked for', async () => {
  const { open } = await asked(() => {})
  expect(open.mock.calls).toEqual([[{}]])
})

test('but not in another world than the one that agreed', async () => {
  const { open, exchange } = await asked(cluster => {
    cluster.world = {}
  })
  expect(open).not.toHaveBeenCalled()
  expect(exchange.isOpen).toBe(false)
})

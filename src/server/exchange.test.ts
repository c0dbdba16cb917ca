/** Answers in pieces, to clients that read late, slowly or not at all. */
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { Exchange } from './exchange.ts'

const PIECE = 'x'.repeat(64 * 1024)
const COUNT = 1000

let server: Server
let client: Socket
afterEach(async () => {
  client.destroy()
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
})

/** Asks for an answer of a thousand pieces, without reading it. */
async function asked(patienceMs?: number): Promise<{ made: number; isOver: boolean }> {
  const state = { made: 0, isOver: false }
  function* pieces() {
    for (; state.made < COUNT; state.made++) yield PIECE
  }
  server = createServer((incoming, outgoing) => {
    void new Exchange(incoming, outgoing, { ...(patienceMs && { patienceMs }) })
      .stream(200, pieces())
      .then(() => {
        state.isOver = true
      })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()))
  client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.on('error', () => {})
  client.pause()
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await expect.poll(() => state.made).toBeGreaterThan(0)
  return state
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

test('no more is made than is read, and all of it in the end', async () => {
  const state = await asked()
  await pause(300)
  const { made } = state
  // What the sockets of a machine hold.
  expect(made).toBeLessThan(COUNT / 2)
  await pause(300)
  expect(state.made).toBe(made)
  let heard = 0
  let head = ''
  client.on('data', chunk => {
    if (heard === 0) head = String(chunk).slice(0, 1000)
    heard += chunk.length
  })
  client.resume()
  await expect.poll(() => state.isOver, { timeout: 10_000 }).toBe(true)
  await expect.poll(() => heard, { timeout: 10_000 }).toBeGreaterThan(PIECE.length * COUNT)
  expect(head.toLowerCase()).toContain('transfer-encoding: chunked')
})

test('who reads a little now and then is not let go', async () => {
  const state = await asked(400)
  let heard = 0
  client.on('data', chunk => {
    heard += chunk.length
    client.pause()
  })
  const sips = setInterval(() => client.resume(), 10)
  try {
    await expect.poll(() => heard, { timeout: 20_000 }).toBeGreaterThan(PIECE.length * 200)
  } finally {
    clearInterval(sips)
  }
  expect(client.destroyed).toBe(false)
  expect(state.isOver).toBe(false)
})

test('who takes nothing for too long is let go, and no more is made', async () => {
  const state = await asked(300)
  await expect.poll(() => state.isOver, { timeout: 5000 }).toBe(true)
  expect(state.made).toBeLessThan(COUNT / 2)
  // It learns of that when it reads.
  const ended = new Promise(resolve => client.once('close', resolve))
  client.resume()
  await ended
})

test('for who goes away nothing more is made either', async () => {
  const state = await asked()
  client.destroy()
  await expect.poll(() => state.isOver, { timeout: 5000 }).toBe(true)
  expect(state.made).toBeLessThan(COUNT / 2)
})

/** How long clients may take: over real sockets, with less patience than usual. */
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Cluster } from '../../src/cluster/index.ts'
import { type ServedCluster, serve } from '../../src/server/index.ts'

const HEAD_MS = 600
const REQUEST_MS = 1500
const cluster = Cluster.create({ nodes: 1 })
const bugs: unknown[] = []
let served: ServedCluster
let keys: { ca: Buffer; cert: Buffer; key: Buffer }

beforeAll(async () => {
  const failed = (error: unknown) => bugs.push(error)
  const patience = { headMs: HEAD_MS, requestMs: REQUEST_MS }
  served = await serve({ cluster, port: 0, bind: '127.0.0.1', speed: 1, failed, patience })
  const pem = (field: string) =>
    Buffer.from(new RegExp(`${field}: (\\S+)`).exec(served.kubeconfig)![1]!, 'base64')
  keys = {
    ca: pem('certificate-authority-data'),
    cert: pem('client-certificate-data'),
    key: pem('client-key-data'),
  }
})
afterAll(async () => {
  await served.close()
  expect(bugs).toEqual([])
})

function tls(): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ port: served.port, host: '127.0.0.1', ...keys, ALPNProtocols: ['http/1.1'] })
    socket.once('secureConnect', () => resolve(socket))
    socket.once('error', reject)
  })
}

/** Sends something every now and then; gives what came back, and after how long the connection was closed. */
function drip(
  socket: TLSSocket | ReturnType<typeof connect>,
  drop: string,
): Promise<{ heard: string; afterMs: number }> {
  const startedMs = performance.now()
  return new Promise(resolve => {
    let heard = ''
    const drops = setInterval(() => socket.write(drop), 50)
    socket.on('data', chunk => {
      heard += String(chunk)
    })
    socket.on('error', () => {})
    socket.on('end', () => socket.destroy())
    socket.once('close', () => {
      clearInterval(drops)
      resolve({ heard, afterMs: performance.now() - startedMs })
    })
  })
}

/** Closed when its time was up, and not long after. */
function expectBetween(afterMs: number, leastMs: number): void {
  expect(afterMs).toBeGreaterThan(leastMs * 0.8)
  expect(afterMs).toBeLessThan(leastMs * 2 + 2000)
}

test('a handshake that never ends is broken off', async () => {
  const socket = connect(served.port, '127.0.0.1')
  const { heard, afterMs } = await drip(socket, '')
  expect(heard).toBe('')
  expectBetween(afterMs, HEAD_MS)
})

test.each([
  ['says nothing', '', ''],
  ['sends one header after the other', 'GET /version HTTP/1.1\r\nHost: x\r\n', 'X-More: of it\r\n'],
])('a client that %s is let go without an answer', async (_, first, more) => {
  const socket = await tls()
  socket.write(first)
  const { heard, afterMs } = await drip(socket, more)
  expect(heard).toBe('')
  expectBetween(afterMs, HEAD_MS)
})

test('a body that comes too slowly is a timeout, and the connection is over', async () => {
  const socket = await tls()
  socket.write(
    'POST /api/v1/namespaces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{',
  )
  const { heard, afterMs } = await drip(socket, ' ')
  expect(heard).toMatch(/^HTTP\/1\.1 504 /)
  expect(heard).toContain('"reason":"Timeout"')
  expectBetween(afterMs, REQUEST_MS)
})

test('over HTTP/2 too, where other requests go on', async () => {
  const on: ClientHttp2Session = connectHttp2(served.url, keys)
  on.on('error', () => {})
  const startedMs = performance.now()
  const slow = on.request({
    ':method': 'POST',
    ':path': '/api/v1/namespaces',
    'content-type': 'application/json',
  })
  const drops = setInterval(() => slow.write(' '), 50)
  slow.on('error', () => {})
  const status = await new Promise(resolve => slow.once('response', head => resolve(head[':status'])))
  clearInterval(drops)
  expect(status).toBe(504)
  expectBetween(performance.now() - startedMs, REQUEST_MS)
  const other = on.request({ ':path': '/version' })
  expect(await new Promise(resolve => other.once('response', head => resolve(head[':status'])))).toBe(200)
  on.destroy()
})

test('who asks again and again in good time is served on one connection', async () => {
  const socket = await tls()
  let heard = ''
  socket.on('data', chunk => {
    heard += String(chunk)
  })
  const count = 8
  for (let n = 0; n < count; n++) {
    socket.write('GET /version HTTP/1.1\r\nHost: x\r\n\r\n')
    await new Promise(resolve => setTimeout(resolve, HEAD_MS / 3))
  }
  expect(heard.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(count)
  expect(socket.destroyed).toBe(false)
  socket.destroy()
})

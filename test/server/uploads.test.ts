/** What clients send is taken no faster than it is read inside: over real sockets, to programs that are busy. */
import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { Cluster } from '../../src/cluster/index.ts'
import { type ServedCluster, serve } from '../../src/server/index.ts'

const cluster = Cluster.create({ nodes: 1 })
const bugs: unknown[] = []
let served: ServedCluster
let nodePort = 0

/** What may wait: a pipe's worth, and what a socket has read meanwhile. */
const BOUND = 512 * 1024

beforeAll(async () => {
  nodePort = await freePort()
  cluster.apply(`
apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec: { containers: [{ name: main, image: ghcr.io/stefanprodan/podinfo:6.7.0 }] }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { type: NodePort, selector: { app: web }, ports: [{ port: 80, targetPort: 9898, nodePort: ${nodePort} }] }
`)
  cluster.kubectl('wait pod/web --for=condition=Ready --timeout=60s')
  cluster.advance('5s')
  const failed = (error: unknown) => bugs.push(error)
  served = await serve({ cluster, port: 0, bind: '127.0.0.1', speed: 1, failed, hasNodePorts: true })
})
afterAll(async () => {
  await served.close()
  expect(bugs).toEqual([])
})

/** One that nothing on this machine listens on, within the range of node ports. */
async function freePort(): Promise<number> {
  for (let port = 30_000 + ((process.pid * 7) % 2000); ; port++) {
    const isFree = await new Promise<boolean>(resolve => {
      const probe = createServer()
      probe.once('error', () => resolve(false))
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
    })
    if (isFree) return port
  }
}

/** Bytes that have been let into the run, by all streams together. */
function bytesIn(): number {
  let sum = 0
  for (const { input } of cluster.recording.inputs) {
    if (input.do === 'send' && 'data' in input.piece) sum += (input.piece.data.length / 4) * 3
  }
  return sum
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

test('requests piled up before a busy program wait outside, and are all answered', async () => {
  const before = bytesIn()
  const requests = 500
  const one = `GET /healthz HTTP/1.1\r\nHost: x\r\nX-Fill: ${'x'.repeat(8000)}\r\n\r\n`
  const socket = connect(nodePort, '127.0.0.1')
  let heard = ''
  socket.on('data', chunk => {
    heard += chunk.toString()
  })
  socket.write('GET /delay/2 HTTP/1.1\r\nHost: x\r\n\r\n')
  socket.write(one.repeat(requests))
  await expect.poll(() => bytesIn() - before).toBeGreaterThan(0)
  await pause(700)
  expect(heard).toBe('')
  expect(bytesIn() - before).toBeLessThan(BOUND)
  const answers = () => heard.split('HTTP/1.1 200 ').length - 1
  await expect.poll(answers, { timeout: 20_000, interval: 100 }).toBe(requests + 1)
  expect(bytesIn() - before).toBeGreaterThan(one.length * requests)
  socket.destroy()
})

test('what is typed ahead of a command that sleeps waits outside, and is all read', async () => {
  const before = bytesIn()
  const size = 8 * 1024 * 1024
  const pem = (field: string) =>
    Buffer.from(new RegExp(`${field}: (\\S+)`).exec(served.kubeconfig)![1]!, 'base64')
  const words = ['sh', '-c', 'sleep 2; wc -c'].map(word => `command=${encodeURIComponent(word)}`).join('&')
  const url = `${served.url.replace('https', 'wss')}/api/v1/namespaces/default/pods/web/exec?stdin=1&stdout=1&${words}`
  const client = new WebSocket(url, ['v5.channel.k8s.io'], {
    ca: pem('certificate-authority-data'),
    cert: pem('client-certificate-data'),
    key: pem('client-key-data'),
  })
  let heard = ''
  client.on('message', (data: Buffer) => {
    if (data[0] === 1) heard += data.subarray(1).toString()
  })
  await new Promise(resolve => client.once('open', resolve))
  const piece = Buffer.alloc(32 * 1024 + 1, 'x')
  piece[0] = 0
  for (let n = 0; n < size / (32 * 1024); n++) client.send(piece)
  client.send(Buffer.from([255, 0]))
  await expect.poll(() => bytesIn() - before).toBeGreaterThan(0)
  await pause(700)
  expect(heard).toBe('')
  expect(bytesIn() - before).toBeLessThan(BOUND)
  await expect.poll(() => heard, { timeout: 20_000, interval: 100 }).toBe(`${size}\n`)
})

test('so does what kubectl forwards to a port', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubarium-uploads-'))
  writeFileSync(join(folder, 'config'), served.kubeconfig, { mode: 0o600 })
  const before = bytesIn()
  const child = execFile('kubectl', [
    `--kubeconfig=${join(folder, 'config')}`,
    'port-forward',
    'pod/web',
    ':9898',
  ])
  try {
    const port = await new Promise<number>(resolve => {
      child.stdout!.on('data', chunk => {
        const found = /127\.0\.0\.1:(\d+)/.exec(String(chunk))
        if (found) resolve(Number(found[1]))
      })
    })
    const socket = connect(port, '127.0.0.1')
    let heard = ''
    socket.on('data', chunk => {
      heard += chunk.toString()
    })
    const one = `GET /healthz HTTP/1.1\r\nHost: x\r\nX-Fill: ${'x'.repeat(8000)}\r\n\r\n`
    socket.write('GET /delay/2 HTTP/1.1\r\nHost: x\r\n\r\n')
    socket.write(one.repeat(500))
    await expect.poll(() => bytesIn() - before, { timeout: 5000 }).toBeGreaterThan(0)
    await pause(700)
    expect(heard).toBe('')
    expect(bytesIn() - before).toBeLessThan(BOUND)
    const answers = () => heard.split('HTTP/1.1 200 ').length - 1
    await expect.poll(answers, { timeout: 20_000, interval: 100 }).toBe(501)
    socket.destroy()
  } finally {
    child.kill()
  }
})

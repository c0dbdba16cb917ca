/** A door under pressure: clients that dawdle, vanish, flood or lie, over real sockets. It stays, and nothing stays behind. */
import { execSync } from 'node:child_process'
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2'
import { connect, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Cluster } from '../../src/cluster/index.ts'
import { type ServedCluster, serve } from '../../src/server/index.ts'

const cluster = Cluster.create({ nodes: 1, startMs: Date.UTC(2026, 5, 1) })
const bugs: unknown[] = []
let served: ServedCluster
let keys: { ca: Buffer; cert: Buffer; key: Buffer }

beforeAll(async () => {
  const failed = (error: unknown) => bugs.push(error)
  served = await serve({ cluster, port: 0, bind: '127.0.0.1', speed: 100, failed })
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

function tls(protocol: 'http/1.1' | 'h2' = 'http/1.1'): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ port: served.port, host: '127.0.0.1', ...keys, ALPNProtocols: [protocol] })
    socket.once('secureConnect', () => resolve(socket))
    socket.once('error', reject)
  })
}

/** Sends bytes as they are, and gives all that comes until the server closes or has answered `answers` times. */
async function raw(text: string, answers = 1): Promise<string> {
  const socket = await tls()
  socket.write(text)
  return new Promise(resolve => {
    let heard = ''
    const end = () => {
      socket.destroy()
      resolve(heard)
    }
    socket.on('data', chunk => {
      heard += chunk
      if (heard.split(/^HTTP\/1\.1 /m).length > answers && /\r\n\r\n[\s\S]*[}\n\w]$/.test(heard))
        setTimeout(end, 50)
    })
    socket.on('error', end)
    socket.on('close', end)
  })
}

function session(): ClientHttp2Session {
  const made = connectHttp2(served.url, keys)
  made.on('error', () => {})
  made.setMaxListeners(0)
  return made
}

function get(on: ClientHttp2Session, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const stream = on.request({ ':path': path })
    let text = ''
    stream.setEncoding('utf8')
    stream.on('data', chunk => {
      text += chunk
    })
    stream.on('end', () => resolve(text))
    stream.on('error', reject)
  })
}

/** What is under way behind the door, by its own metrics. The request that asks is one of them. */
async function underWay(): Promise<{ reading: number; changing: number; watching: number }> {
  const on = session()
  const text = await get(on, '/metrics')
  on.close()
  const read = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
  return {
    reading: read('apiserver_current_inflight_requests\\{request_kind="readOnly"\\}') - 1,
    changing: read('apiserver_current_inflight_requests\\{request_kind="mutating"\\}'),
    watching: read('apiserver_longrunning_requests\\{verb="WATCH"\\}'),
  }
}

const NOTHING_LEFT = { reading: 0, changing: 0, watching: 0 }

async function comesToNothing(): Promise<void> {
  await expect.poll(underWay, { timeout: 20_000, interval: 100 }).toEqual(NOTHING_LEFT)
}

describe('what is no proper request', () => {
  test.each([
    ['two lengths', 'Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc'],
    [
      'a length and chunks',
      'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n',
    ],
    ['an unknown encoding', 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['a length that is none', 'Content-Length: -1\r\n\r\n'],
    ['a header without a name', ': x\r\n\r\n'],
    ['a folded header', 'X: a\r\n\tb: c\r\nContent-Length: +3\r\n\r\nabc'],
  ])('%s: one refusal, and the connection is over', async (_, rest) => {
    const heard = await raw(`POST /api/v1/namespaces HTTP/1.1\r\nHost: x\r\n${rest}`)
    expect(heard).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
    expect(heard.match(/HTTP\/1\.1 /g)).toHaveLength(1)
  })

  test('a head without end is 431', async () => {
    const heard = await raw(`GET /version HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`)
    expect(heard).toMatch(/^HTTP\/1\.1 431 /)
  })

  test.each([
    '/api/v1/namespaces/%2e%2e/secrets',
    '/api/v1/%2e%2e/%2e%2e/etc/passwd',
    '/api/v1/namespaces/default/pods/..%2f..%2fsecrets',
    '/api/v1/namespaces/default/pods/a%00b',
    '/api/v1/namespaces/default/pods/%ff',
    '/api/v1/namespaces/default/pods/%',
    '//api//v1//secrets',
    '/api/v1/namespaces//secrets',
    '/api/v1/namespaces/default/pods/constructor',
    '/api/v1/__proto__',
    `/api/v1/namespaces/${'n'.repeat(5000)}/pods/x`,
  ])('the path %s finds nothing, which it is told in words that upstream has', async path => {
    const heard = await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    expect(heard).toMatch(/^HTTP\/1\.1 40[034] /)
    expect(heard).toMatch(/"kind":"Status"|\r\n404 page not found\n$/)
  })
})

/** Writes a ConfigMap of almost a megabyte. */
function write(verb: 'create' | 'update', namespace: string, name: string, n: number): Promise<void> {
  const user = { name: 'kubernetes-admin', groups: ['system:masters'] }
  const request = {
    verb,
    apiVersion: 'v1',
    resource: 'configmaps',
    namespace,
    name: verb === 'create' ? '' : name,
    subresource: '',
    body: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name },
      data: { big: 'x'.repeat(900_000), n: String(n) },
    },
    options: {},
  }
  return new Promise((resolve, reject) => {
    served.gateway.request(user, request, result =>
      result.ok ? resolve() : reject(new Error(JSON.stringify(result))),
    )
  })
}

describe('clients that dawdle or vanish', () => {
  test('hold nothing when they go: half-open TLS, half a head, half a body', async () => {
    const plain = await Promise.all(
      Array.from({ length: 50 }, () => {
        const socket = connect(served.port, '127.0.0.1')
        return new Promise<Socket>(resolve => socket.once('connect', () => resolve(socket)))
      }),
    )
    const heads = await Promise.all(Array.from({ length: 20 }, () => tls()))
    for (const socket of heads) socket.write('GET /api/v1/pods HTTP/1.1\r\nHost: x\r\nX-')
    const bodies = await Promise.all(Array.from({ length: 20 }, () => tls()))
    for (const socket of bodies) {
      socket.write(
        'POST /api/v1/namespaces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
      )
    }
    await expect.poll(async () => (await underWay()).changing).toBe(20)
    for (const socket of [...plain, ...heads, ...bodies]) socket.destroy()
    await comesToNothing()
  })

  test('a watch that is not read is let go, and others hear all the same', async () => {
    const path = '/api/v1/namespaces/default/configmaps?watch=1'
    const reading = session()
    const sleeping = await tls()
    sleeping.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)
    sleeping.pause()
    let heard = 0
    const watch = reading.request({ ':path': path })
    watch.on('data', chunk => {
      heard += String(chunk).match(/"type":"MODIFIED"/g)?.length ?? 0
    })
    await expect.poll(async () => (await underWay()).watching).toBe(2)
    await write('create', 'default', 'large', 0)
    for (let n = 1; n <= 30; n++) {
      await write('update', 'default', 'large', n)
      await expect.poll(() => heard, { timeout: 10_000, interval: 5 }).toBe(n)
    }
    await expect.poll(async () => (await underWay()).watching, { timeout: 20_000 }).toBe(1)
    reading.destroy()
    sleeping.destroy()
    await comesToNothing()
  })

  test('a long list comes whole to who reads it slowly, and holds nobody else up', async () => {
    const count = 12
    for (let n = 0; n < count; n++) await write('create', 'kube-public', `large-${n}`, n)
    const path = '/api/v1/namespaces/kube-public/configmaps'
    const slow = await tls()
    slow.pause()
    slow.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    const on = session()
    const stream = on.request({ ':path': path })
    stream.pause()
    await expect.poll(async () => (await underWay()).reading).toBe(2)
    await new Promise(resolve => setTimeout(resolve, 300))
    // Neither has taken all of it yet: both are still being answered.
    expect((await underWay()).reading).toBe(2)
    const texts = [slow, stream].map(
      source =>
        new Promise<string>(resolve => {
          const chunks: Buffer[] = []
          source.on('data', (chunk: Buffer) => {
            chunks.push(chunk)
            if (chunks.length % 50 !== 0) return
            source.pause()
            setTimeout(() => source.resume(), 1)
          })
          source.on('end', () => resolve(Buffer.concat(chunks).toString()))
          source.resume()
        }),
    )
    const [first, second] = await Promise.all(texts)
    const [, head = '', body = ''] = /^(.*?)\r\n\r\n(.*)$/s.exec(first!) ?? []
    expect(head).toMatch(/^Transfer-Encoding: chunked\r?$/im)
    const unchunked = body.replace(/^[0-9a-f]+\r\n/, '').replace(/\r\n[0-9a-f]+\r\n/g, '')
    for (const text of [unchunked, second!]) {
      const { items } = JSON.parse(text) as { items: { metadata: { name: string }; data: { big: string } }[] }
      const large = items.filter(({ metadata }) => metadata.name.startsWith('large-'))
      expect(large).toHaveLength(count)
      expect(large.every(({ data }) => data.big.length === 900_000)).toBe(true)
    }
    on.destroy()
    slow.destroy()
    await comesToNothing()
  })

  test('a log that is followed and not read is let go, and others hear all the same', async () => {
    const manifest = `
apiVersion: v1
kind: Pod
metadata: { name: talker }
spec:
  terminationGracePeriodSeconds: 0
  containers:
  - name: main
    image: busybox
    command: [sh, -c, 'line=$(seq 40000 | tr -d "\\n"); while true; do echo $line; sleep 4; done']
`
    served.gateway.enter({ do: 'apply', manifest, file: 'pod.yaml' }, {})
    const running = () => cluster.get('pod', 'talker')?.status.phase
    await expect.poll(running, { timeout: 10_000 }).toBe('Running')
    const path = '/api/v1/namespaces/default/pods/talker/log?follow=true&tailLines=1'
    const sleeping = await tls()
    sleeping.pause()
    sleeping.on('error', () => {})
    sleeping.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)
    const reading = await tls()
    reading.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)
    let heard = 0
    reading.on('data', (chunk: Buffer) => {
      heard += chunk.length
    })
    await expect.poll(async () => (await underWay()).watching).toBe(2)
    await expect.poll(async () => (await underWay()).watching, { timeout: 20_000 }).toBe(1)
    // What was let wait for the one, the other has heard.
    expect(heard).toBeGreaterThan(16 * 1024 * 1024)
    const before = heard
    await expect.poll(() => heard, { timeout: 10_000 }).toBeGreaterThan(before)
    reading.destroy()
    sleeping.destroy()
    const words = ['delete', 'pod', 'talker']
    served.gateway.enter({ do: 'kubectl', words, files: {} }, {})
    await comesToNothing()
  })

  test('streams that are reset as soon as they are opened leave nothing behind', async () => {
    for (let round = 0; round < 4; round++) {
      const on = session()
      for (let n = 0; n < 200; n++) {
        const stream = on.request({ ':path': n % 2 ? '/api/v1/pods?watch=1' : '/api/v1/pods' })
        stream.on('error', () => {})
        stream.close(8)
      }
      await new Promise(resolve => setTimeout(resolve, 50))
      on.destroy()
    }
    await comesToNothing()
  })
})

describe('many at once', () => {
  test('a flood of connections is served and goes away again', async () => {
    // Both ends of each are open files of this process.
    const count = Math.min(2000, Math.floor((openFiles() - 500) / 2))
    expect(count).toBeGreaterThan(200)
    const sockets = await Promise.all(
      Array.from({ length: count }, () => {
        const socket = connect(served.port, '127.0.0.1')
        return new Promise<Socket>((resolve, reject) => {
          socket.once('connect', () => resolve(socket))
          socket.once('error', reject)
        })
      }),
    )
    const on = session()
    expect(JSON.parse(await get(on, '/version'))).toMatchObject({ major: '1', minor: '33' })
    on.close()
    for (const socket of sockets) socket.destroy()
    await comesToNothing()
  })

  test('watches opened and dropped leave no watcher in the API server, and no input under way', async () => {
    const idle = inputsUnderWay()
    for (let round = 0; round < 5; round++) {
      const on = session()
      const opened = Array.from({ length: 200 }, () => {
        const stream = on.request({ ':path': '/api/v1/nodes?watch=1' })
        stream.on('error', () => {})
        return new Promise(resolve => stream.once('response', resolve))
      })
      await Promise.all(opened)
      expect(inputsUnderWay()).toBe(idle + 200)
      on.destroy()
      await expect.poll(inputsUnderWay, { timeout: 20_000 }).toBe(idle)
    }
    await comesToNothing()
  })

  test('two hundred lists on one connection all come whole', async () => {
    const on = session()
    const lists = await Promise.all(Array.from({ length: 200 }, () => get(on, '/api/v1/nodes')))
    on.close()
    const counts = new Set(lists.map(text => (JSON.parse(text) as { items: unknown[] }).items.length))
    expect(Math.min(...counts)).toBeGreaterThan(0)
  })
})

/** How many files a process may have open. */
function openFiles(): number {
  const limit = execSync('ulimit -n').toString().trim()
  return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit)
}

function inputsUnderWay(): number {
  return served.gateway.cluster.world.inputsUnderWay
}

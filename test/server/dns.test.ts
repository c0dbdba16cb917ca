/** Cluster DNS of a served cluster, asked over real sockets. */
import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import {
  type Answer,
  type DecodedPacket,
  decode,
  encode,
  type Packet,
  RECURSION_DESIRED,
  streamDecode,
  streamEncode,
} from 'dns-packet'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Cluster } from '../../src/cluster/index.ts'
import { type ServedCluster, serve } from '../../src/server/index.ts'

const SERVICE = (name: string, spec: object) =>
  `${JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec })}\n---\n`
const MANY = 40

/** The types do not know the code. */
type Answered = DecodedPacket & { readonly rcode: string }

describe('cluster DNS on the real machine', () => {
  const cluster = Cluster.create({ nodes: 1 })
  const bugs: unknown[] = []
  let served: ServedCluster

  beforeAll(async () => {
    cluster.apply(
      SERVICE('web', { clusterIP: '10.96.77.7', ports: [{ name: 'http', port: 80 }] }) +
        SERVICE('out', { type: 'ExternalName', externalName: 'example.com' }) +
        SERVICE('many', { clusterIP: 'None', ports: [{ port: 80 }] }),
    )
    const addresses = Array.from({ length: MANY }, (_, i) => ({ addresses: [`10.244.9.${i + 1}`] }))
    cluster.apply(
      JSON.stringify({
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { name: 'many-1', labels: { 'kubernetes.io/service-name': 'many' } },
        addressType: 'IPv4',
        endpoints: addresses,
        ports: [{ port: 80 }],
      }),
    )
    cluster.advance('2s')
    const failed = (error: unknown) => bugs.push(error)
    served = await serve({ cluster, port: 0, bind: '127.0.0.1', speed: 1, failed, dnsPort: 0 })
  })
  afterAll(async () => {
    await served.close()
    expect(bugs).toEqual([])
  })

  function sendRaw(message: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const socket = createSocket('udp4')
      socket.once('error', reject)
      socket.once('message', answer => {
        socket.close()
        resolve(answer)
      })
      socket.send(message, served.dnsPort!, '127.0.0.1')
    })
  }
  const send = async (message: Buffer) => decode(await sendRaw(message)) as Answered
  const question = (name: string, type: 'A' | 'SRV' | 'PTR', more: Packet = {}): Packet => ({
    type: 'query',
    id: 4711,
    flags: RECURSION_DESIRED,
    questions: [{ type, name }],
    ...more,
  })
  const ask = (name: string, type: 'A' | 'SRV' | 'PTR', more: Packet = {}) =>
    send(encode(question(name, type, more)))
  const opt = (udpPayloadSize: number): Answer => ({
    type: 'OPT',
    name: '.',
    udpPayloadSize,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  })

  test('knows Services by name, port and address, with a TTL of thirty seconds', async () => {
    expect(await ask('web.default.svc.cluster.local', 'A')).toMatchObject({
      id: 4711,
      rcode: 'NOERROR',
      flag_aa: true,
      flag_rd: true,
      questions: [{ name: 'web.default.svc.cluster.local', type: 'A' }],
      answers: [{ name: 'web.default.svc.cluster.local', type: 'A', ttl: 30, data: '10.96.77.7' }],
    })
    const target = 'web.default.svc.cluster.local'
    expect(await ask('_http._tcp.web.default.svc.cluster.local', 'SRV')).toMatchObject({
      answers: [{ data: { priority: 0, weight: 100, port: 80, target } }],
      additionals: [{ name: target, data: '10.96.77.7' }],
    })
    expect((await ask('7.77.96.10.in-addr.arpa', 'PTR')).answers).toMatchObject([{ data: target }])
    expect((await ask('out.default.svc.cluster.local', 'A')).answers).toMatchObject([
      { type: 'CNAME', data: 'example.com' },
    ])
  })

  test('denies what is not there with the zone, and refuses what is not its own', async () => {
    expect(await ask('nobody.default.svc.cluster.local', 'A')).toMatchObject({
      rcode: 'NXDOMAIN',
      answers: [],
      authorities: [
        { type: 'SOA', name: 'cluster.local', data: { mname: 'ns.dns.cluster.local', minimum: 30 } },
      ],
    })
    expect(await ask('example.com', 'A')).toMatchObject({ rcode: 'REFUSED', flag_aa: false })
  })

  test('cuts an answer that does not fit, gives all of it to those who take more, and over TCP', async () => {
    const name = 'many.default.svc.cluster.local'
    const cut = await ask(name, 'A')
    expect(cut.flag_tc).toBe(true)
    expect(cut.answers!.length).toBeLessThan(MANY)
    const whole = await ask(name, 'A', { additionals: [opt(4096)] })
    expect(whole.flag_tc).toBe(false)
    expect(new Set(whole.answers!.map(answer => (answer as { data: string }).data)).size).toBe(MANY)
    expect(whole.additionals).toMatchObject([{ type: 'OPT', udpPayloadSize: 4096 }])
    const overTcp = await new Promise<Packet>((resolve, reject) => {
      const socket = connect(served.dnsPort!, '127.0.0.1', () =>
        socket.write(streamEncode(question(name, 'A'))),
      )
      let heard = Buffer.alloc(0)
      socket.on('error', reject)
      socket.on('data', chunk => {
        heard = Buffer.concat([heard, chunk])
        if (heard.length < 2 + heard.readUInt16BE(0)) return
        socket.destroy()
        resolve(streamDecode(heard))
      })
    })
    expect(overTcp.answers).toHaveLength(MANY)
  })

  test.each([
    [
      'several questions',
      encode({
        id: 1,
        questions: [
          { type: 'A', name: 'a' },
          { type: 'A', name: 'b' },
        ],
      }),
      'FORMERR',
    ],
    ['no question', encode({ id: 1 }), 'FORMERR'],
    ['an update', encode({ id: 1, flags: 5 << 11, questions: [{ type: 'A', name: 'a' }] }), 'NOTIMP'],
    ['another class', encode({ id: 1, questions: [{ type: 'A', name: 'a', class: 'CH' }] }), 'REFUSED'],
    [
      'a question that points to itself',
      Buffer.from('000100000001000000000000c00c00010001', 'hex'),
      'FORMERR',
    ],
    ['a question that ends too soon', Buffer.from('000100000001000000000000036162', 'hex'), 'FORMERR'],
    ['noise with a header', Buffer.from('00010000ffff00000000000061', 'hex'), 'FORMERR'],
  ] as const)('%s is answered with a code', async (_, message, rcode) => {
    expect(await send(Buffer.from(message))).toMatchObject({ id: 1, rcode })
  })

  test.each([
    ['bytes that are no UTF-8', ['ff'.repeat(63)], 'NXDOMAIN'],
    ['letters of other alphabets', [Buffer.from('wéb').toString('hex')], 'NXDOMAIN'],
    ['a dot within a label', [Buffer.from('http.web').toString('hex')], 'NXDOMAIN'],
    ['what would be a Service, were its label two', [Buffer.from('web.default').toString('hex')], 'NXDOMAIN'],
    ['spaces, controls and nothing else', ['20', '00', '0a'], 'NXDOMAIN'],
    ['capital letters', [Buffer.from('WEB').toString('hex')], 'NOERROR'],
  ])('a name with %s is answered, and repeated byte for byte', async (_, labels, rcode) => {
    const below = ['default', 'svc', 'cluster', 'local'].map(label => Buffer.from(label).toString('hex'))
    const encoded = (all: string[]) =>
      `${all.map(hex => (hex.length / 2).toString(16).padStart(2, '0') + hex).join('')}00`
    const ofService = labels[0] === Buffer.from('web.default').toString('hex') ? below.slice(1) : below
    for (const [name, expected] of [
      [encoded([...labels, ...ofService]), rcode],
      [encoded(labels), 'REFUSED'],
    ] as const) {
      const asked = `${name}00010001`
      const answer = await sendRaw(Buffer.from(`000101000001000000000000${asked}`, 'hex'))
      expect(answer.subarray(12, 12 + asked.length / 2).toString('hex')).toBe(asked)
      expect(decode(answer)).toMatchObject({ id: 1, rcode: expected, flag_rd: true })
    }
  })

  test('a client that asks over TCP and does not read is let go, and others are answered', async () => {
    const socket = connect(served.dnsPort!, '127.0.0.1')
    socket.pause()
    let isGone = false
    socket.on('error', () => {})
    socket.once('close', () => {
      isGone = true
    })
    const asked = streamEncode(question('many.default.svc.cluster.local', 'A'))
    const startedMs = performance.now()
    // Far more answers than a machine's sockets hold; the queries wait outside once nobody takes them.
    const flood = setInterval(() => {
      if (socket.writableLength < 1024 * 1024) socket.write(Buffer.concat(Array(1000).fill(asked)))
    }, 5)
    try {
      await expect.poll(() => isGone, { timeout: 12_000 }).toBe(true)
    } finally {
      clearInterval(flood)
    }
    expect(performance.now() - startedMs).toBeGreaterThan(4000)
    expect((await ask('web.default.svc.cluster.local', 'A')).rcode).toBe('NOERROR')
  })

  test('a client that asks much over TCP and reads late has every answer, in order', async () => {
    const socket = connect(served.dnsPort!, '127.0.0.1')
    socket.pause()
    const count = 10_000
    const asked = Array.from({ length: count }, (_, id) =>
      streamEncode({ ...question('many.default.svc.cluster.local', 'A'), id: id % 65_536 }),
    )
    socket.write(Buffer.concat(asked))
    await new Promise(resolve => setTimeout(resolve, 500))
    const ids: number[] = []
    let rest = Buffer.alloc(0)
    socket.on('data', chunk => {
      rest = Buffer.concat([rest, chunk])
      let at = 0
      for (
        ;
        rest.length >= at + 2 && rest.length >= at + 2 + rest.readUInt16BE(at);
        at += 2 + rest.readUInt16BE(at)
      )
        ids.push(rest.readUInt16BE(at + 2))
      rest = rest.subarray(at)
    })
    socket.resume()
    await expect.poll(() => ids.length, { timeout: 12_000 }).toBe(count)
    expect(ids.every((id, n) => id === n)).toBe(true)
    socket.destroy()
  })

  test('follows Services, leaves no trace and takes noise for nothing', async () => {
    const socket = createSocket('udp4')
    socket.send(Buffer.from('x'), served.dnsPort!, '127.0.0.1', () => socket.close())
    await ask('web.default.svc.cluster.local', 'A')
    expect(cluster.recording.inputs.every(({ input }) => input.do === 'apply')).toBe(true)
    served.gateway.enter({ do: 'kubectl', words: ['delete', 'service', 'web'], files: {} }, {})
    await vi.waitFor(
      async () => expect((await ask('web.default.svc.cluster.local', 'A')).rcode).toBe('NXDOMAIN'),
      { timeout: 5000 },
    )
  })

  test('a port that is taken is one clear refusal, and the door is shut again', async () => {
    const failed = (error: unknown) => bugs.push(error)
    const second = serve({ cluster, port: 0, bind: '127.0.0.1', speed: 1, failed, dnsPort: served.dnsPort! })
    await expect(second).rejects.toThrow(
      `port ${served.dnsPort} of 127.0.0.1 cannot be listened on (EADDRINUSE)`,
    )
  })
})

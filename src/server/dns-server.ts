/**
 * Cluster DNS on a port of the real machine, over UDP and TCP: what CoreDNS answers to a pod, without an upstream to
 * forward to. Looking names up leaves no trace in the run.
 */
import { randomInt } from 'node:crypto'
import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram'
import { createServer, isIPv4, type Server, type Socket } from 'node:net'
import {
  type Answer,
  AUTHORITATIVE_ANSWER,
  decode,
  encode,
  type OptAnswer,
  type Packet,
  type Question,
  RECURSION_DESIRED,
  streamEncode,
  TRUNCATED_RESPONSE,
} from 'dns-packet'
import type { Cluster } from '../cluster/index.ts'
import type { DnsRecord } from '../network/index.ts'
import { UserError } from '../sim/index.ts'

export interface DnsServer {
  readonly port: number
  close(): Promise<void>
}

interface DnsOptions {
  readonly cluster: Cluster
  /** 0 for any that is free. */
  readonly port: number
  readonly bind: string
}

/** Bytes of an answer over UDP without EDNS. */
const PLAIN_BYTES = 512
const MOST_UDP_BYTES = 4096
const MOST_TCP_BYTES = 65_535
/** Real ms after which a silent TCP connection is closed, and one that does not read its answers, as CoreDNS' timeouts. */
const IDLE_MS = 10_000
const WRITE_MS = 5000
/** Tries to find one port that is free for both protocols. */
const MOST_TRIES = 10
const CODES = { NOERROR: 0, FORMERR: 1, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const
const OPCODE = 0x7800

/** Throws UserError when the port cannot be had. */
export async function serveDns(options: DnsOptions): Promise<DnsServer> {
  for (let left = MOST_TRIES; ; left--) {
    const udp = await listenUdp(options)
    const { port } = udp.address()
    const connections = new Set<Socket>()
    try {
      const tcp = await listenTcp({ ...options, port }, connections)
      return {
        port,
        close: async () => {
          for (const connection of connections) connection.destroy()
          await Promise.all([
            new Promise<void>(resolve => udp.close(() => resolve())),
            new Promise<void>(resolve => tcp.close(() => resolve())),
          ])
        },
      }
    } catch (error) {
      udp.close()
      if (options.port !== 0 || left === 0) throw error
    }
  }
}

function listenUdp({ cluster, port, bind }: DnsOptions): Promise<UdpSocket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(bind.includes(':') ? 'udp6' : 'udp4')
    const refuse = (error: NodeJS.ErrnoException) => reject(cannotListen(port, bind, error))
    socket.once('error', refuse)
    socket.on('message', (message: Buffer, { address, port: to }: RemoteInfo) => {
      const answer = respond(cluster, message, bind, 'udp')
      if (answer) socket.send(answer, to, address)
    })
    socket.bind({ port, address: bind, exclusive: true }, () => {
      socket.off('error', refuse)
      // An answer to somebody who has gone is nobody's problem.
      socket.on('error', () => {})
      resolve(socket)
    })
  })
}

function listenTcp({ cluster, port, bind }: DnsOptions, connections: Set<Socket>): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(socket => {
      connections.add(socket)
      socket.once('close', () => connections.delete(socket))
      socket.on('error', () => {})
      socket.setTimeout(IDLE_MS, () => socket.destroy())
      answerInTurn(socket, message => respond(cluster, message, bind, 'tcp'))
    })
    const refuse = (error: NodeJS.ErrnoException) => reject(cannotListen(port, bind, error))
    server.once('error', refuse)
    server.listen(port, bind, () => {
      server.off('error', refuse)
      server.on('error', () => {})
      resolve(server)
    })
  })
}

/** Answers what comes over a connection, the next when the client has taken the one before. */
function answerInTurn(socket: Socket, answerTo: (message: Buffer) => Buffer | undefined): void {
  let bytes: Buffer = Buffer.alloc(0)
  let timer: NodeJS.Timeout | undefined
  const goOn = () => {
    while (!socket.destroyed && bytes.length >= 2 && bytes.length >= 2 + bytes.readUInt16BE(0)) {
      if (socket.writableNeedDrain) {
        socket.pause()
        timer ??= setTimeout(() => socket.destroy(), WRITE_MS)
        return
      }
      const end = 2 + bytes.readUInt16BE(0)
      const answer = answerTo(bytes.subarray(2, end))
      bytes = bytes.subarray(end)
      if (answer) socket.write(answer)
      else socket.destroy()
    }
  }
  const stop = () => {
    clearTimeout(timer)
    timer = undefined
  }
  socket.on('data', chunk => {
    bytes = Buffer.concat([bytes, chunk])
    goOn()
  })
  socket.on('drain', () => {
    stop()
    socket.resume()
    goOn()
  })
  socket.once('close', stop)
}

function cannotListen(port: number, bind: string, { code }: NodeJS.ErrnoException): UserError {
  return new UserError(`port ${port} of ${bind} cannot be listened on (${code})`, {
    where: '--dns-port',
    mend: code === 'EADDRINUSE' ? 'Something listens there; name another, or 0 for any.' : 'Name another.',
  })
}

/** The bytes to send back; undefined for what is no question at all. */
function respond(
  cluster: Cluster,
  message: Buffer,
  bind: string,
  protocol: 'udp' | 'tcp',
): Buffer | undefined {
  let query: Packet
  try {
    query = decode(message)
  } catch {
    // With a header there is somebody to tell.
    if (message.length < 12 || (message[2]! & 0x80) !== 0) return undefined
    return pack({ type: 'response', id: message.readUInt16BE(0), flags: CODES.FORMERR }, protocol)
  }
  if (query.type === 'response') return undefined
  const asked = query.questions?.length === 1 ? readQuestion(message) : undefined
  if (!asked) return pack({ type: 'response', id: query.id ?? 0, flags: CODES.FORMERR }, protocol)
  const questions: [Question] = [{ ...query.questions![0]!, name: asked.name }]
  const opt = query.additionals?.find((one): one is OptAnswer => one.type === 'OPT')
  const limit =
    protocol === 'tcp'
      ? MOST_TCP_BYTES
      : Math.min(MOST_UDP_BYTES, Math.max(PLAIN_BYTES, opt?.udpPayloadSize ?? 0))
  const answer = packed(answerTo(cluster, { ...query, questions }, opt, bind), limit, protocol)
  asked.bytes.copy(answer, (protocol === 'tcp' ? 2 : 0) + HEADER_BYTES)
  return answer
}

/**
 * The one question of a message: its bytes, which the answer repeats, and its name as a text of as many bytes. A label
 * may hold anything; what is no letter, or a dot, becomes NUL, which no name of the cluster has. Undefined where there is
 * none that stands for itself.
 */
function readQuestion(message: Buffer): { readonly bytes: Buffer; readonly name: string } | undefined {
  const labels: string[] = []
  let at = HEADER_BYTES
  for (; message[at] !== 0; at += 1 + message[at]!) {
    if (at >= message.length || message[at]! > MOST_LABEL_BYTES) return undefined
    const label = message.subarray(at + 1, at + 1 + message[at]!).toString('latin1')
    labels.push(label.replace(/[^!-~]|\./g, '\0'))
  }
  const bytes = message.subarray(HEADER_BYTES, at + 1 + TYPE_AND_CLASS_BYTES)
  return { bytes, name: labels.length === 0 ? '.' : labels.join('.') }
}

const HEADER_BYTES = 12
const TYPE_AND_CLASS_BYTES = 4
const MOST_LABEL_BYTES = 63

function pack(packet: Packet, protocol: 'udp' | 'tcp'): Buffer {
  return protocol === 'tcp' ? streamEncode(packet) : encode(packet)
}

type Query = Packet & { readonly questions: readonly [Question] }

function answerTo(cluster: Cluster, query: Query, opt: OptAnswer | undefined, bind: string): Packet {
  const { id = 0, flags = 0, questions } = query
  const [question] = questions
  const reply = (code: number, more: Packet = {}): Packet => ({
    type: 'response',
    id,
    questions: [question],
    ...more,
    flags: (flags & (OPCODE | RECURSION_DESIRED)) | (more.flags ?? 0) | code,
    additionals: [...(more.additionals ?? []), ...(opt ? [optOf(opt)] : [])],
  })
  if ((flags & OPCODE) !== 0) return reply(CODES.NOTIMP)
  if (question.class !== undefined && question.class !== 'IN') return reply(CODES.REFUSED)
  const serverIp = isIPv4(bind) && bind !== '0.0.0.0' ? bind : '127.0.0.1'
  const found = cluster.world.network.answer(question.name, question.type, serverIp)
  return reply(CODES[found.code], {
    flags: found.isAuthoritative ? AUTHORITATIVE_ANSWER : 0,
    answers: balanced(found.answers),
    authorities: [...found.authorities] as Answer[],
    additionals: [...found.additionals] as Answer[],
  })
}

/** The same buffer size and nothing else: no options are known. */
function optOf({ udpPayloadSize }: OptAnswer): OptAnswer {
  return {
    type: 'OPT',
    name: '.',
    udpPayloadSize,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  }
}

/** Addresses in any order, as CoreDNS' loadbalance plugin has them: clients take the first. */
function balanced(records: readonly DnsRecord[]): Answer[] {
  const others = records.filter(({ type }) => type !== 'A')
  const addresses = records.filter(({ type }) => type === 'A')
  for (let i = addresses.length - 1; i > 0; i--) {
    const j = randomInt(i + 1)
    ;[addresses[i], addresses[j]] = [addresses[j]!, addresses[i]!]
  }
  return [...others, ...addresses] as Answer[]
}

/** As many records as fit; the bit for truncation where answers had to go. */
function packed(packet: Packet, limit: number, protocol: 'udp' | 'tcp'): Buffer {
  const fits = (one: Packet) => encode(one).length <= limit
  if (fits(packet)) return pack(packet, protocol)
  const opts = packet.additionals?.filter(({ type }) => type === 'OPT') ?? []
  const bare = { ...packet, additionals: opts }
  if (fits(bare)) return pack(bare, protocol)
  const { answers = [], flags = 0 } = packet
  let count = answers.length
  const cut = () => ({ ...bare, flags: flags | TRUNCATED_RESPONSE, answers: answers.slice(0, count) })
  while (count > 0 && !fits(cut())) count = Math.floor(count / 2)
  return pack(cut(), protocol)
}

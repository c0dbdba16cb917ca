/** What pages in a browser do: watch and read logs over WebSockets, and switch protocols on a connection that is kept. */
import { request } from 'node:https'
import { connect, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { Cluster } from '../../src/cluster/index.ts'
import { type ServedCluster, serve } from '../../src/server/index.ts'

const MANIFEST = `
apiVersion: v1
kind: Pod
metadata: { name: talker }
spec:
  restartPolicy: Never
  containers: [{ name: main, image: 'busybox:1.36', command: [sh, -c, 'echo one; echo two; sleep 3600'] }]
`
const VIEWER = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: default-views }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: [{ kind: ServiceAccount, name: default, namespace: default }]
`
const PODS = '/api/v1/namespaces/default/pods'
const MAPS = '/api/v1/namespaces/default/configmaps'
const PAGE = { origin: 'http://localhost:4466' }
const bugs: unknown[] = []
const cluster = Cluster.create({ nodes: 1, authorization: 'RBAC' })
let served: ServedCluster

beforeAll(async () => {
  cluster.apply(MANIFEST)
  cluster.kubectl('wait pod/talker --for=condition=Ready --timeout=60s')
  const failed = (error: unknown) => bugs.push(error)
  served = await serve({ cluster, port: 0, bind: '127.0.0.1', speed: 50, failed })
})
afterAll(async () => {
  await served.close()
  expect(bugs).toEqual([])
})

const datum = (name: string) =>
  Buffer.from(new RegExp(`${name}: (\\S+)`).exec(served.kubeconfig)![1]!, 'base64')

function credentials(isAdmin = true) {
  const ca = datum('certificate-authority-data')
  return isAdmin ? { ca, cert: datum('client-certificate-data'), key: datum('client-key-data') } : { ca }
}

interface Talk {
  readonly socket: WebSocket
  readonly messages: { readonly text: string; readonly isBinary: boolean }[]
  /** Why there is no talk: the code of the answer. */
  readonly refused: Promise<number>
  readonly ended: Promise<number>
}

function talk(
  path: string,
  protocols: readonly string[] = [],
  headers: Record<string, string> = PAGE,
  isAdmin = true,
): Talk {
  const url = `${served.url.replace('https', 'wss')}${path}`
  const socket = new WebSocket(url, [...protocols], { ...credentials(isAdmin), headers })
  const messages: Talk['messages'] = []
  socket.on('message', (data: Buffer, isBinary: boolean) => messages.push({ text: String(data), isBinary }))
  socket.on('error', () => {})
  const refused = new Promise<number>(resolve =>
    socket.on('unexpected-response', (_, answer) => resolve(answer.statusCode!)),
  )
  const ended = new Promise<number>(resolve => socket.on('close', resolve))
  return { socket, messages, refused, ended }
}

const soon = (check: () => void) => vi.waitFor(check, { timeout: 10_000 })

test('a watch comes as text, an event a message, under whatever protocol was offered', async () => {
  const { socket, messages } = talk(`${MAPS}?watch=1&fieldSelector=metadata.name%3Dseen`, [
    'base64.binary.k8s.io',
  ])
  await soon(() => expect(socket.readyState).toBe(WebSocket.OPEN))
  expect(socket.protocol).toBe('base64.binary.k8s.io')
  for (const value of ['a', 'b']) {
    cluster.apply(`{apiVersion: v1, kind: ConfigMap, metadata: {name: seen}, data: {key: ${value}}}`)
  }
  await soon(() => expect(messages).toHaveLength(2))
  const events = messages.map(({ text }) => JSON.parse(text) as { type: string; object: { data: object } })
  expect(events.map(({ type, object }) => [type, object.data])).toEqual([
    ['ADDED', { key: 'a' }],
    ['MODIFIED', { key: 'b' }],
  ])
  expect(messages.every(({ isBinary }) => !isBinary)).toBe(true)
  socket.close()
})

test('it ends with its time', async () => {
  expect(await talk(`${MAPS}?watch=1&timeoutSeconds=1`).ended).toBe(1000)
})

test.each([
  ['without saying where the page is from', [], {}, true, 403],
  ['under two protocols', ['a', 'b'], PAGE, true, 400],
  ['by nobody', [], PAGE, false, 403],
  ['by a token that nobody signed', ['base64url.bearer.authorization.k8s.io.bm9uZQ', 'x'], PAGE, false, 401],
])('no watch is had %s', async (_, protocols, headers, isAdmin, code) => {
  expect(await talk(`${MAPS}?watch=1`, protocols, headers, isAdmin).refused).toBe(code)
})

function tokenOf(account: string): Promise<string> {
  const url = `${served.url}/api/v1/namespaces/default/serviceaccounts/${account}/token`
  const headers = { 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, agent: false, ...credentials() }, async answer => {
      let text = ''
      for await (const chunk of answer) text += String(chunk)
      resolve((JSON.parse(text) as { status: { token: string } }).status.token)
    })
    sent.on('error', reject)
    sent.end('{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{}}')
  })
}

test('a token comes in the place of a protocol, with another beside it that is said back', async () => {
  const token = await tokenOf('default')
  const carrier = `base64url.bearer.authorization.k8s.io.${Buffer.from(token).toString('base64url')}`
  cluster.apply(VIEWER)
  const { socket } = talk(`${MAPS}?watch=1`, [carrier, 'mine'], PAGE, false)
  await soon(() => expect(socket.readyState).toBe(WebSocket.OPEN))
  expect(socket.protocol).toBe('mine')
  socket.close()
  expect(await talk(`${MAPS}?watch=1`, [carrier], PAGE, false).refused).toBe(401)
})

test.each([
  ['base64.binary.k8s.io', (text: string) => Buffer.from(text, 'base64').toString(), false],
  ['binary.k8s.io', (text: string) => text, true],
])('a log comes as %s, after an empty message', async (protocol, read, binary) => {
  const { messages, ended } = talk(`${PODS}/talker/log?tailLines=5`, ['none', protocol])
  await ended
  expect(messages[0]).toEqual({ text: '', isBinary: binary })
  expect(messages.map(({ text }) => read(text)).join('')).toBe('one\ntwo\n')
  expect(messages.every(({ isBinary }) => isBinary === binary)).toBe(true)
})

test('a log that is followed stays open until its reader goes', async () => {
  const { socket, messages, ended } = talk(`${PODS}/talker/log?follow=true`, ['base64.binary.k8s.io'])
  await soon(() => expect(messages.length).toBeGreaterThan(1))
  expect(socket.readyState).toBe(WebSocket.OPEN)
  socket.close()
  await ended
})

test('a log is refused in words before anything is switched', async () => {
  expect(await talk(`${PODS}/none/log`, ['base64.binary.k8s.io']).refused).toBe(404)
  expect(await talk(`${PODS}/talker/log`, ['v4.channel.k8s.io']).refused).toBe(403)
})

const EXEC = `${PODS}/talker/exec?stdin=true&stdout=true&stderr=true&command=sh&command=-c&command=`
const COUNTING = encodeURIComponent('read line; echo "got $line"; echo bad >&2; exit 3')
const bytes = {
  write: (channel: number, text: string) => Buffer.concat([Buffer.from([channel]), Buffer.from(text)]),
  read: (text: string) => [text.charCodeAt(0), text.slice(1)] as const,
}
const base64 = {
  write: (channel: number, text: string) => `${channel}${Buffer.from(text).toString('base64')}`,
  read: (text: string) => [Number(text[0]), Buffer.from(text.slice(1), 'base64').toString()] as const,
}

test.each([
  ['v5.channel.k8s.io', bytes, true],
  ['v4.channel.k8s.io', bytes, true],
  ['v4.base64.channel.k8s.io', base64, true],
  ['channel.k8s.io', bytes, false],
  ['base64.channel.k8s.io', base64, false],
  ['', bytes, false],
])(
  'a command is run over "%s", the first protocol offered that is known',
  async (protocol, { read, write }, hasStatus) => {
    const offered = protocol === '' ? [] : ['base64.binary.k8s.io', protocol, 'channel.k8s.io']
    const { socket, messages, ended } = talk(`${EXEC}${COUNTING}`, [...new Set(offered)], {})
    await soon(() => expect(messages).toHaveLength(1))
    expect(socket.protocol).toBe(protocol)
    expect(read(messages[0]!.text)).toEqual([1, ''])
    socket.send(write(0, 'it\n'))
    expect(await ended).toBe(1000)
    const said = (channel: number) =>
      messages
        .map(({ text }) => read(text))
        .flatMap(([from, text]) => (from === channel ? [text] : []))
        .join('')
    expect([said(1), said(2)]).toEqual(['got it\n', 'bad\n'])
    const words = 'command terminated with non-zero exit code: exit status 3'
    if (hasStatus) expect(JSON.parse(said(3))).toMatchObject({ reason: 'NonZeroExitCode', message: words })
    else expect(said(3)).toBe(words)
  },
)

/** Everything that a connection says, for texts sent to it one by one. */
async function converse(...sent: readonly string[]): Promise<string> {
  const socket: TLSSocket = connect({ host: '127.0.0.1', port: served.port, ...credentials() })
  let heard = ''
  socket.on('data', chunk => {
    heard += String(chunk)
  })
  await new Promise<void>(resolve => socket.once('secureConnect', resolve))
  for (const text of sent) socket.write(text)
  await new Promise<void>(resolve => socket.once('close', () => resolve()))
  return heard
}

const SWITCH = 'Host: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n'

test('whoever wishes to switch before the last answer is out is answered in turn', async () => {
  const list = `GET ${PODS} HTTP/1.1\r\nHost: localhost\r\n\r\n`
  const heard = await converse(`${list}${list}GET ${PODS}/none/exec?command=ls HTTP/1.1\r\n${SWITCH}\r\n`)
  expect(heard.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 404'])
})

test('where nothing is to be switched the wish is passed over', async () => {
  const heard = await converse(`GET ${PODS}/talker HTTP/1.1\r\n${SWITCH}\r\n`)
  expect(heard).toMatch(/^HTTP\/1\.1 200[\s\S]+"name":"talker"/)
})

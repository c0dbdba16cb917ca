/** A served cluster that is rewound: nothing of the future that was cut off enters the new one, and nobody waits for it. */
import { createServer, type Server } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Status } from '../../src/api/index.ts'
import type { ApiResult } from '../../src/client/index.ts'
import { Cluster } from '../../src/cluster/index.ts'
import { CertificateAuthority } from '../../src/server/certificates.ts'
import { type ServedCluster, serve } from '../../src/server/index.ts'

const ADMIN = { name: 'kubernetes-admin', groups: ['system:masters'] }
const CONFIG_MAPS = {
  apiVersion: 'v1',
  resource: 'configmaps',
  namespace: 'default',
  name: '',
  subresource: '',
  options: {},
}

/** A review that the webhook has been sent, and how it is answered. */
interface Asked {
  readonly uid: string
  readonly isGone: () => boolean
  answer(allowed: boolean): void
}

let cluster: Cluster
let served: ServedCluster
let webhook: Server
const asked: Asked[] = []
const bugs: unknown[] = []

beforeEach(async () => {
  asked.length = 0
  bugs.length = 0
  const authority = await CertificateAuthority.create(Date.now())
  const { key, certificate } = await authority.server(['127.0.0.1'])
  webhook = createServer({ key, cert: certificate }, (incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const { uid } = (JSON.parse(Buffer.concat(chunks).toString()) as { request: { uid: string } }).request
      const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' }
      asked.push({
        uid,
        isGone: () => outgoing.destroyed,
        answer: allowed => outgoing.end(JSON.stringify({ ...review, response: { uid, allowed } })),
      })
    })
  })
  await new Promise<void>(resolve => webhook.listen(0, '127.0.0.1', () => resolve()))
  cluster = Cluster.create({ nodes: 1 })
  const judge = {
    name: 'judge.example.com',
    clientConfig: {
      url: `https://127.0.0.1:${(webhook.address() as AddressInfo).port}`,
      caBundle: Buffer.from(authority.certificate).toString('base64'),
    },
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    timeoutSeconds: 20,
  }
  cluster.apply(
    JSON.stringify({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'judge' },
      webhooks: [judge],
    }),
  )
  cluster.advance('1m')
  served = await serve({ cluster, port: 0, bind: '127.0.0.1', speed: 1, failed: bug => bugs.push(bug) })
})
afterEach(async () => {
  await served.close()
  webhook.closeAllConnections()
  await new Promise(resolve => webhook.close(resolve))
})

/** Sends the creation of a ConfigMap; gives what it comes to. */
function create(name: string): { result: ApiResult | undefined } {
  const sent: { result: ApiResult | undefined } = { result: undefined }
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } }
  served.gateway.request(ADMIN, { ...CONFIG_MAPS, verb: 'create', body }, result => {
    sent.result = result
  })
  return sent
}

function isListenedOn(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const probe = connect(port, '127.0.0.1', () => {
      probe.destroy()
      resolve(true)
    })
    probe.once('error', () => resolve(false))
  })
}

/** Ports that nothing on this machine listens on, within the range of node ports. */
async function freePorts(count: number): Promise<number[]> {
  const found: number[] = []
  for (let port = 30_000 + ((process.pid * 3) % 2000); found.length < count; port++) {
    if (!(await isListenedOn(port))) found.push(port)
  }
  return found
}

const answersIn = () => cluster.recording.inputs.filter(({ input }) => input.do === 'webhook')

test('what waits for a webhook is asked again, and the answer to the first question enters nowhere', async () => {
  const sent = create('held')
  await expect.poll(() => asked.length).toBe(1)
  // Once a second has passed the request is older than what is gone back to.
  const { now } = cluster.sim
  await expect.poll(() => cluster.sim.now - now, { timeout: 5000 }).toBeGreaterThan(600)
  cluster.rewind('300ms')
  expect(sent.result).toMatchObject({ ok: false, code: 0 })
  await expect.poll(() => asked.length).toBe(2)
  expect(asked[1]!.uid).toBe(asked[0]!.uid)
  await expect.poll(asked[0]!.isGone).toBe(true)
  asked[0]!.answer(false)
  asked[1]!.answer(true)
  await expect.poll(() => cluster.get('configmap', 'held')).toBeDefined()
  expect(answersIn()).toHaveLength(1)
  expect(bugs).toEqual([])
  const { recording } = cluster
  expect(Cluster.replay(recording).recording.sha256).toBe(recording.sha256)
})

test('a question of the future that was cut off is not asked again, and later ones are', async () => {
  const sent = create('undone')
  await expect.poll(() => asked.length).toBe(1)
  cluster.rewind('30s')
  expect(sent.result).toMatchObject({ ok: false, code: 0 })
  asked[0]!.answer(true)
  const next = create('next')
  await expect.poll(() => asked.length).toBe(2)
  expect(asked[1]!.uid).toBeTruthy()
  asked[1]!.answer(true)
  await expect.poll(() => next.result).toMatchObject({ ok: true, code: 201 })
  expect(cluster.get('configmap', 'undone')).toBeUndefined()
  expect(answersIn()).toHaveLength(1)
  const { recording } = cluster
  expect(Cluster.replay(recording).recording.sha256).toBe(recording.sha256)
})

test('who watches is sent away, and their watch does not go on in the world that is left', async () => {
  const ends: (Status | undefined)[] = []
  let isOpen = false
  const stop = served.gateway.watch(
    ADMIN,
    { ...CONFIG_MAPS, verb: 'watch' },
    {
      opened: () => {
        isOpen = true
      },
      events: () => {},
      ended: status => ends.push(status),
      broke: () => {},
    },
  )
  await expect.poll(() => isOpen).toBe(true)
  const { now } = cluster.sim
  await expect.poll(() => cluster.sim.now - now, { timeout: 5000 }).toBeGreaterThan(600)
  cluster.rewind('300ms')
  expect(ends).toEqual([undefined])
  expect(cluster.world.inputsUnderWay).toBe(0)
  // Whoever was there before cancels nothing of those who came after.
  cluster.rewind('30s')
  let isThere = false
  const others = {
    opened: () => {
      isThere = true
    },
    events: () => {},
    ended: () => {},
    broke: () => {},
  }
  served.gateway.watch(ADMIN, { ...CONFIG_MAPS, verb: 'watch' }, others)
  await expect.poll(() => isThere).toBe(true)
  stop()
  expect(cluster.world.inputsUnderWay).toBe(1)
})

test('node ports are those of the world that is left', async () => {
  await served.close()
  const [gone = 0, next = 0] = await freePorts(2)
  const service = (name: string, nodePort: number) =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { type: 'NodePort', ports: [{ port: 80, nodePort }] },
    })
  cluster.apply(service('gone', gone))
  cluster.advance('5s')
  const failed = (bug: unknown) => bugs.push(bug)
  served = await serve({ cluster, port: 0, bind: '127.0.0.1', speed: 1, failed, hasNodePorts: true })
  await expect.poll(() => isListenedOn(gone)).toBe(true)
  cluster.rewind('20s')
  // As many changes as there were before, before anybody looks: their count says nothing.
  cluster.apply(service('next', next))
  cluster.advance('5s')
  await expect.poll(() => isListenedOn(next), { timeout: 5000 }).toBe(true)
  expect(await isListenedOn(gone)).toBe(false)
  expect(bugs).toEqual([])
})

test('a server that closes breaks its questions off, and lets no answer in any more', async () => {
  create('held')
  await expect.poll(() => asked.length).toBe(1)
  await served.close()
  await expect.poll(asked[0]!.isGone).toBe(true)
  expect(answersIn()).toEqual([])
  // The one that asked goes on as its failurePolicy says, once time does.
  cluster.advance('30s')
  expect(cluster.get('configmap', 'held')).toBeUndefined()
  expect(cluster.world.inputsUnderWay).toBe(0)
})

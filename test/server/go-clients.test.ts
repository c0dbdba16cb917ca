/**
 * What client-go and the programs built on it send that no kubectl does: HTTP/2 with protobuf first in `Accept`,
 * informers that stream their first list, leader election in protobuf, tables with whole objects in them.
 */
import { type ClientHttp2Session, connect } from 'node:http2'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Cluster } from '../../src/cluster/index.ts'
import { type ServedCluster, serve } from '../../src/server/index.ts'

const MANIFEST = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: nginx, image: nginx }] }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec: { containers: [{ name: nginx, image: nginx }] }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: store }
spec:
  serviceName: store
  replicas: 1
  selector: { matchLabels: { app: store } }
  template:
    metadata: { labels: { app: store } }
    spec: { containers: [{ name: redis, image: redis }] }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { plural: widgets, singular: widget, kind: Widget }
  versions:
  - { name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object } } }
`
const PROTOBUF_FIRST = 'application/vnd.kubernetes.protobuf,application/json'
const bugs: unknown[] = []
const cluster = Cluster.create({ nodes: 1, authorization: 'RBAC' })
let served: ServedCluster
let session: ClientHttp2Session

beforeAll(async () => {
  cluster.apply(MANIFEST)
  cluster.kubectl('wait pods --all --for=condition=Ready --timeout=60s')
  const failed = (error: unknown) => bugs.push(error)
  served = await serve({ cluster, port: 0, bind: '127.0.0.1', speed: 50, failed })
  const datum = (name: string) =>
    Buffer.from(new RegExp(`${name}: (\\S+)`).exec(served.kubeconfig)![1]!, 'base64')
  session = connect(served.url, {
    ca: datum('certificate-authority-data'),
    cert: datum('client-certificate-data'),
    key: datum('client-key-data'),
  })
})
afterAll(async () => {
  session.close()
  await served.close()
  expect(bugs).toEqual([])
})

interface Answer {
  readonly code: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
}

/** `isEnough`: when to go away from an answer that does not end. */
function ask(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Buffer,
  isEnough: (text: string) => boolean = () => false,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const given = { 'user-agent': 'dashboard/v1 (linux/amd64)', 'accept-encoding': 'gzip', ...headers }
    const stream = session.request(
      { ':method': method, ':path': path, ...given },
      { endStream: body === undefined },
    )
    let head: Record<string, unknown> = {}
    let text = ''
    const settle = () => resolve({ code: Number(head[':status']), headers: head, text })
    stream.on('response', received => {
      head = received
    })
    stream.on('data', chunk => {
      text += String(chunk)
      if (!isEnough(text)) return
      settle()
      stream.close()
    })
    stream.on('end', settle)
    stream.on('error', reject)
    if (body) stream.end(body)
  })
}

const jsonOf = <T>({ text }: Answer) => JSON.parse(text) as T

interface Table {
  readonly kind: string
  readonly apiVersion: string
  readonly columnDefinitions: readonly { readonly name: string }[]
  readonly rows: readonly { readonly cells: readonly unknown[]; readonly object: object }[]
}

test.each([
  ['pods', 'api/v1', ['Ready', 'Status'], ['1/1', 'Running'], 'Pod'],
  ['deployments', 'apis/apps/v1', ['Ready'], ['2/2'], 'Deployment'],
  ['statefulsets', 'apis/apps/v1', ['Ready'], ['1/1'], 'StatefulSet'],
  ['replicasets', 'apis/apps/v1', ['Desired', 'Ready'], [2, 2], 'ReplicaSet'],
  ['daemonsets', 'apis/apps/v1', ['Desired', 'Ready'], [1, 1], 'DaemonSet'],
])(
  'a table of %s with its objects, as dashboards in terminals ask for it',
  async (resource, version, columns, cells, kind) => {
    const accept =
      'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json'
    const path = `/${version}/${resource}?fieldSelector=metadata.namespace%3Ddefault&includeObject=`
    const { columnDefinitions, rows, ...head } = jsonOf<Table>(await ask('GET', `${path}Object`, { accept }))
    expect(head).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1' })
    const at = (name: string) => columnDefinitions.findIndex(column => column.name === name)
    expect(at('Name')).toBe(0)
    expect(columns.map(name => rows[0]!.cells[at(name)])).toEqual(cells)
    expect(rows[0]!.object).toMatchObject({ kind, metadata: { namespace: 'default' }, spec: {}, status: {} })
    const { rows: light } = jsonOf<Table>(await ask('GET', `${path}Metadata`, { accept }))
    expect(Object.keys(light[0]!.object).sort()).toEqual(['apiVersion', 'kind', 'metadata'])
  },
)

const STREAMED =
  'allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan&sendInitialEvents=true&watch=true'
const META = 'as=PartialObjectMetadata;g=meta.k8s.io;v=v1'

test.each([
  ['of objects', '/api/v1/namespaces/default/pods', 'application/json', 'Pod', 4],
  ['of a typed client', '/api/v1/namespaces/default/pods', PROTOBUF_FIRST, 'Pod', 4],
  [
    'of metadata',
    '/apis/apps/v1/namespaces/default/deployments',
    `application/vnd.kubernetes.protobuf;${META},application/json;${META},application/json`,
    'PartialObjectMetadata',
    1,
  ],
  ['of nothing', '/apis/example.com/v1/widgets', 'application/json', 'Widget', 0],
])(
  'an informer %s streams its first list, up to a bookmark that says so',
  async (_, path, accept, kind, count) => {
    const isEnough = (text: string) => text.includes('initial-events-end')
    const answer = await ask('GET', `${path}?${STREAMED}`, { accept }, undefined, isEnough)
    expect(answer.headers['content-type']).toBe('application/json')
    const events = answer.text
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { type: string; object: { kind: string; metadata: object } })
    expect(events.map(({ type, object }) => `${type} ${object.kind}`)).toEqual([
      ...Array.from({ length: count }, () => `ADDED ${kind}`),
      `BOOKMARK ${kind}`,
    ])
    expect(events.at(-1)!.object.metadata).toMatchObject({
      annotations: { 'k8s.io/initial-events-end': 'true' },
      resourceVersion: expect.stringMatching(/^\d+$/),
    })
  },
)

test('a list that must not be older than what there is not yet is to be tried again', async () => {
  const asked = (version: number) =>
    ask('GET', `/api/v1/pods?resourceVersion=${version}&resourceVersionMatch=NotOlderThan`)
  expect((await asked(1)).code).toBe(200)
  const { code, headers, text } = await asked(99_999_999)
  expect([code, headers['retry-after']]).toEqual([504, '1'])
  expect(JSON.parse(text)).toMatchObject({
    reason: 'Timeout',
    details: { causes: [{ reason: 'ResourceVersionTooLarge' }], retryAfterSeconds: 1 },
  })
})

test.each(['v2', 'v2beta1'])('discovery comes at once, as %s', async version => {
  const form = (v: string) => `application/json;g=apidiscovery.k8s.io;v=${v};as=APIGroupDiscoveryList`
  const { headers, text } = await ask('GET', '/apis', { accept: `${form(version)},application/json` })
  expect(headers['content-type']).toBe(form(version))
  const { apiVersion, items } = JSON.parse(text) as { apiVersion: string; items: { metadata: object }[] }
  expect(apiVersion).toBe(`apidiscovery.k8s.io/${version}`)
  expect(items.map(({ metadata }) => metadata)).toEqual(
    expect.arrayContaining(
      ['apps', 'example.com', 'metrics.k8s.io'].map(name => expect.objectContaining({ name })),
    ),
  )
})

/** A field of a protobuf message that is a text, another message, or a number. */
function field(number: number, value: string | Buffer | number): Buffer {
  if (typeof value === 'number') return Buffer.from([number * 8, value])
  const bytes = Buffer.from(value as string)
  // Messages of more than 127 bytes are none of ours.
  return Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), bytes])
}

const message = (...fields: Buffer[]) => Buffer.concat(fields)

/** As client-go's serializer puts an object into its envelope. */
const enveloped = (apiVersion: string, kind: string, raw: Buffer) =>
  message(Buffer.from('k8s\0'), field(1, message(field(1, apiVersion), field(2, kind))), field(2, raw))

const LEASES = '/apis/coordination.k8s.io/v1/namespaces/default/leases'

function lease(holder: string, resourceVersion = ''): Buffer {
  const metadata = message(field(1, 'leader'), field(3, 'default'), field(6, resourceVersion))
  return enveloped(
    'coordination.k8s.io/v1',
    'Lease',
    message(field(1, metadata), field(2, message(field(1, holder), field(2, 15), field(3, field(1, 60))))),
  )
}

test('leaders are elected over Leases in protobuf: one takes it, one comes too late, one is out of date', async () => {
  const headers = { accept: PROTOBUF_FIRST, 'content-type': 'application/vnd.kubernetes.protobuf' }
  const made = await ask('POST', LEASES, headers, lease('first'))
  expect([made.code, made.headers['content-type']]).toEqual([201, 'application/json'])
  const { metadata, spec } = jsonOf<{ metadata: { resourceVersion: string }; spec: object }>(made)
  expect(spec).toEqual({
    holderIdentity: 'first',
    leaseDurationSeconds: 15,
    acquireTime: '1970-01-01T00:01:00.000000Z',
  })
  expect(jsonOf(await ask('POST', LEASES, headers, lease('second')))).toMatchObject({
    reason: 'AlreadyExists',
  })
  const held = await ask('PUT', `${LEASES}/leader`, headers, lease('second', metadata.resourceVersion))
  expect(held.code).toBe(200)
  const late = await ask('PUT', `${LEASES}/leader`, headers, lease('third', metadata.resourceVersion))
  expect([late.code, jsonOf<{ reason: string }>(late).reason]).toEqual([409, 'Conflict'])
})

test('a delete brings its options in protobuf; what users define has no protobuf itself', async () => {
  const headers = { accept: PROTOBUF_FIRST, 'content-type': 'application/vnd.kubernetes.protobuf' }
  const widgets = '/apis/example.com/v1/namespaces/default/widgets'
  cluster.apply('{apiVersion: example.com/v1, kind: Widget, metadata: {name: one, namespace: default}}')
  const refused = await ask('POST', widgets, headers, enveloped('example.com/v1', 'Widget', message()))
  expect([refused.code, jsonOf<{ message: string }>(refused).message]).toEqual([
    415,
    'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml',
  ])
  const options = enveloped('v1', 'DeleteOptions', field(4, 'Background'))
  expect((await ask('DELETE', `${widgets}/one`, headers, options)).code).toBe(200)
})

import { request as httpsRequest } from 'node:https'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Cluster } from '../cluster/index.ts'
import { type ServedCluster, serve } from './index.ts'

const pemOf = (kubeconfig: string, field: string) =>
  Buffer.from(new RegExp(`${field}: (\\S+)`).exec(kubeconfig)![1]!, 'base64').toString()

describe('a served cluster', () => {
  const cluster = Cluster.create({ nodes: 1, startMs: Date.UTC(2026, 5, 1) })
  let served: ServedCluster
  const bugs: unknown[] = []

  beforeAll(async () => {
    const failed = (error: unknown) => bugs.push(error)
    served = await serve({ cluster, port: 0, bind: '127.0.0.1', speed: 100, failed })
  })
  afterAll(() => served.close())

  function ask(method: string, path: string, body?: string | Buffer, headers: Record<string, string> = {}) {
    return new Promise<{ code: number; text: string; headers: Record<string, unknown> }>(
      (resolve, reject) => {
        const { kubeconfig, port } = served
        const sent = httpsRequest(
          {
            host: '127.0.0.1',
            port,
            method,
            path,
            headers: { 'content-type': 'application/json', ...headers },
            ca: pemOf(kubeconfig, 'certificate-authority-data'),
            cert: pemOf(kubeconfig, 'client-certificate-data'),
            key: pemOf(kubeconfig, 'client-key-data'),
          },
          answer => {
            const chunks: Buffer[] = []
            answer.on('data', (chunk: Buffer) => chunks.push(chunk))
            answer.on('end', () => {
              const text = Buffer.concat(chunks).toString()
              resolve({ code: answer.statusCode ?? 0, text, headers: answer.headers })
            })
          },
        )
        sent.on('error', reject)
        sent.end(body)
      },
    )
  }

  test('is known by its own authority and answers its administrator', async () => {
    const { code, text } = await ask('GET', '/api/v1/nodes')
    expect(code).toBe(200)
    expect(JSON.parse(text)).toMatchObject({ kind: 'NodeList', items: [{ metadata: { name: 'node-1' } }] })
  })

  test('creates what it is sent, in YAML too, and shows it as a table', async () => {
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: b}\n'
    const path = '/api/v1/namespaces/default/configmaps'
    expect((await ask('POST', path, yaml, { 'content-type': 'application/yaml' })).code).toBe(201)
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io'
    const { text } = await ask('GET', `${path}/settings`, undefined, { accept })
    const table = JSON.parse(text) as { rows: { cells: unknown[] }[] }
    expect(table.rows[0]!.cells.slice(0, 2)).toEqual(['settings', 1])
  })

  test.each([
    ['POST', '/api/v1/namespaces/default/pods', '{', {}, 400],
    ['POST', '/api/v1/namespaces/default/pods', '[]', {}, 400],
    ['POST', '/api/v1/namespaces/default/pods', Buffer.from([0x7b, 0xff]), {}, 400],
    ['POST', '/api/v1/namespaces/default/pods', 'x', { 'content-type': 'application/cbor' }, 415],
    [
      'POST',
      '/api/v1/namespaces/default/pods',
      'k8s',
      { 'content-type': 'application/vnd.kubernetes.protobuf' },
      400,
    ],
    ['POST', '/api/v1/namespaces/default/pods', Buffer.alloc(3 * 1024 * 1024 + 1, 0x20), {}, 413],
    ['GET', '/api/v1/pods', undefined, { accept: 'text/html' }, 406],
    ['GET', '/api/v1/pods?limit=x', undefined, {}, 400],
    ['GET', '/api/v1/pods?labelSelector=((', undefined, {}, 400],
    ['GET', '/api/v1/pods/%zz', undefined, {}, 400],
    ['GET', '/api/v1/namespaces/default/pods/none/log', undefined, {}, 404],
    ['GET', '/api/v1/nodes', undefined, { authorization: 'Bearer nonsense' }, 200],
  ] as const)('%s %s (case %#) is answered with a Status', async (method, path, body, headers, expected) => {
    const { code, text } = await ask(method, path, body, headers)
    expect(code).toBe(expected)
    if (expected !== 200) expect(JSON.parse(text)).toMatchObject({ kind: 'Status', code: expected })
  })

  test.each([
    '/nowhere',
    '/apis/nobody/v1',
    '/apis/nobody/v1/things',
    '/api/v1/things',
    '/api/v1/../../etc/passwd',
  ])('%s leads nowhere, which is said in plain text as by Go', async path => {
    const { code, text, headers } = await ask('GET', path)
    expect([code, text]).toEqual([404, '404 page not found\n'])
    expect(headers['content-type']).toBe('text/plain; charset=utf-8')
  })

  test('replays to the same hash', async () => {
    await ask('DELETE', '/api/v1/namespaces/default/configmaps/settings')
    await ask('GET', '/api/v1/pods?watch=true&timeoutSeconds=1')
    expect(bugs).toEqual([])
    const { recording } = cluster
    expect(Cluster.replay(recording).recording.sha256).toBe(recording.sha256)
  })
})

import { expect, test } from 'vitest'
import { Cluster, withoutSecrets } from '../../src/cluster/index.ts'

const PASSWORD = 'hunter2-is-secret'
const ADMIN = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }

function create(
  cluster: Cluster,
  resource: string,
  apiVersion: string,
  namespace: string,
  body: object,
): void {
  const request = {
    verb: 'create',
    apiVersion,
    resource,
    namespace,
    name: '',
    subresource: '',
    body,
    options: {},
  } as const
  const running = cluster.begin({ do: 'api', user: ADMIN, request })
  cluster.runUntil(() => running.result !== undefined, { within: '10s' })
  expect(running.result).toMatchObject({ ok: true, value: { ok: true } })
}

/** A cluster that has been told the password in every way there is. */
function told(): Cluster {
  const cluster = Cluster.create({ nodes: 1 })
  const secret = { kind: 'Secret', apiVersion: 'v1', stringData: { password: PASSWORD } }
  create(cluster, 'secrets', 'v1', 'default', { ...secret, metadata: { name: 'sent' } })
  create(cluster, 'tokenreviews', 'authentication.k8s.io/v1', '', { metadata: {}, spec: { token: PASSWORD } })
  const manifest = JSON.stringify({ ...secret, metadata: { name: 'applied' } })
  cluster.apply(manifest)
  cluster.kubectl('create -f s.json', { 's.json': manifest.replace('applied', 'filed') })
  cluster.kubectl(`annotate secret sent plain=text`)
  expect(() => cluster.kubectl(`get pods --token=${PASSWORD}`)).not.toThrow(PASSWORD)
  cluster.kubectl('run web --image=nginx')
  cluster.kubectl('wait pod/web --for=condition=Ready --timeout=60s')
  const request = {
    namespace: 'default',
    pod: 'web',
    container: 'web',
    command: ['cat'],
    hasStdin: true,
    hasStdout: true,
    hasStderr: true,
    isTty: false,
  }
  const stream = cluster.begin({ do: 'stream', stream: { to: 'exec', request } })
  cluster.advance('1s')
  stream.send({ data: btoa(PASSWORD) })
  stream.cancel()
  return cluster
}

test('the trace and what is said of a run have no secrets', () => {
  const cluster = told()
  const { trace } = cluster.sim
  let text = ''
  for (let id = 1; id <= trace.length; id++) text += JSON.stringify(trace.read(id))
  expect(trace.length).toBeGreaterThan(100)
  expect(text).toContain('/registry/secrets/default/sent')
  const encoded = btoa(PASSWORD)
  for (const said of [text, cluster.why('secret/sent')]) {
    expect(said).not.toContain(PASSWORD)
    expect(said).not.toContain(encoded)
  }
})

test('a recording is shown without its secrets, and otherwise as it is', () => {
  const { recording } = told()
  expect(JSON.stringify(recording).split(PASSWORD).length).toBeGreaterThan(5)
  const shown = withoutSecrets(recording)
  expect(JSON.stringify(shown)).not.toContain(PASSWORD)
  expect(JSON.stringify(recording)).toContain(btoa(PASSWORD))
  expect(JSON.stringify(shown)).not.toContain(btoa(PASSWORD))
  expect(shown.inputs.map(({ atMs, input }) => [atMs, input.do])).toEqual(
    recording.inputs.map(({ atMs, input }) => [atMs, input.do]),
  )
  expect(shown.inputs[0]?.input).toMatchObject({
    request: { resource: 'secrets', body: { kind: 'Secret', metadata: { name: 'sent' } } },
  })
  expect(JSON.stringify(shown)).toContain('plain=text')
})

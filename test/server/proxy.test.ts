/** The proxies and streams of a served cluster: where they lead, and where not. */
import { request } from 'node:https'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Cluster } from '../../src/cluster/index.ts'
import { type ServedCluster, serve } from '../../src/server/index.ts'

const MANIFEST = `
apiVersion: v1
kind: Namespace
metadata: { name: proxy-here }
---
apiVersion: v1
kind: Pod
metadata: { name: proxy-pod, namespace: proxy-here, labels: { app: web } }
spec:
  containers:
  - { name: main, image: 'registry.k8s.io/e2e-test-images/agnhost:2.53', args: [netexec, --http-port=80] }
---
apiVersion: v1
kind: Service
metadata: { name: proxy-service, namespace: proxy-here }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: elsewhere }
spec: { ports: [{ port: 80 }] }
`
const bugs: unknown[] = []
const cluster = Cluster.create({ nodes: 1, authorization: 'RBAC' })
let served: ServedCluster

beforeAll(async () => {
  cluster.apply(MANIFEST)
  cluster.kubectl('wait pods --all -n proxy-here --for=condition=Ready --timeout=60s')
  cluster.advance('5s')
  const podIP = cluster.get('pod', 'proxy-pod', 'proxy-here')!.status.podIP
  const targetRef = { kind: 'Pod', namespace: 'proxy-here', name: 'proxy-pod' }
  const subsets = [{ addresses: [{ ip: podIP, targetRef }], ports: [{ port: 80 }] }]
  const metadata = { name: 'elsewhere', namespace: 'default' }
  cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Endpoints', metadata, subsets }))
  const failed = (error: unknown) => bugs.push(error)
  served = await serve({ cluster, port: 0, bind: '127.0.0.1', speed: 50, failed })
})
afterAll(async () => {
  await served.close()
  expect(bugs).toEqual([])
})

interface Answer {
  readonly code: number
  readonly text: string
}

/** Asks as the administrator, or as nobody. */
function ask(
  path: string,
  headers: Record<string, string> = {},
  isNobody = false,
  method = 'GET',
): Promise<Answer> {
  const datum = (name: string) =>
    Buffer.from(new RegExp(`${name}: (\\S+)`).exec(served.kubeconfig)![1]!, 'base64')
  const who = isNobody ? {} : { cert: datum('client-certificate-data'), key: datum('client-key-data') }
  return new Promise((resolve, reject) => {
    const options = { ca: datum('certificate-authority-data'), ...who, headers, method, agent: false }
    const sent = request(`${served.url}${path}`, options, answer => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => resolve({ code: answer.statusCode!, text: String(Buffer.concat(chunks)) }))
    })
    sent.on('upgrade', (_, socket) => {
      socket.destroy()
      resolve({ code: 101, text: '' })
    })
    sent.on('error', reject)
    sent.end()
  })
}

const HERE = '/api/v1/namespaces/proxy-here'

test.each([
  `${HERE}/services/proxy-service/proxy/echo?msg=a%20b`,
  `${HERE}/services/proxy-service:80/proxy/echo?msg=a%20b`,
  `${HERE}/pods/proxy-pod/proxy/echo?msg=a%20b`,
  `${HERE}/pods/proxy-pod:80/pr%6Fxy/echo?msg=a%20b`,
])('%s leads to the program, whatever names begin with', async path => {
  expect(await ask(path)).toMatchObject({ code: 200, text: 'a b' })
})

test('a node is reached as what it is: in no namespace', async () => {
  const [node] = cluster.list('nodes')
  const path = `nodes/${node!.metadata.name}/proxy/healthz`
  expect((await ask(`/api/v1/${path}`)).code).toBe(200)
  expect((await ask(`${HERE}/${path}`)).code).toBe(404)
})

test('a port by name is none of a pod', async () => {
  const { code, text } = await ask(`${HERE}/pods/proxy-pod:http/proxy/`)
  expect([code, text]).toEqual([503, expect.stringContaining('dial tcp: lookup tcp/http: unknown port')])
})

test('Endpoints that name a pod of another namespace do not lead there', async () => {
  const { code, text } = await ask('/api/v1/namespaces/default/services/elsewhere/proxy/echo?msg=x')
  expect([code, text]).toEqual([503, expect.stringContaining('no endpoints available for service')])
})

const UPGRADE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-protocol': 'v5.channel.k8s.io',
}

test.each([
  ['/api/v1', 101],
  ['/apis/metrics.k8s.io/v1beta1', 404],
  ['/apis/example.com/v1', 404],
])('a command in a pod is opened below %s: %i', async (version, code) => {
  const path = `${version}/namespaces/proxy-here/pods/proxy-pod/exec?command=hostname&stdout=1`
  expect((await ask(path, UPGRADE)).code).toBe(code)
})

test('who may not open a stream is told so before anything else', async () => {
  const path = `${HERE}/pods/proxy-pod/exec?command=hostname&stdout=1`
  expect((await ask(path)).code).toBe(400)
  expect((await ask(path, {}, true)).code).toBe(403)
  expect((await ask(path, UPGRADE, true)).code).toBe(403)
})

test('admission is asked about whatever is proxied to, by any verb, and of nothing for a dry run', async () => {
  const policy = (name: string) => `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: ${name} }
spec:
  matchConstraints:
    resourceRules: [{ apiGroups: [''], apiVersions: [v1], operations: [CONNECT], resources: ['*/proxy'] }]
  validations:
  - expression: "!has(object.path) || object.path != '/echo' || request.kind.kind == 'NodeProxyOptions'"
    messageExpression: "object.kind + ' of ' + request.name"
  - { expression: "object.kind != 'NodeProxyOptions' || object.path == '/healthz/'", message: no such path }
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: ${name} }
spec: { policyName: ${name}, validationActions: [Deny] }
`
  served.gateway.enter({ do: 'apply', manifest: policy('guard'), file: 'policy.yaml' }, {})
  await expect.poll(() => cluster.get('validatingadmissionpolicybinding', 'guard')).toBeDefined()
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
    const refused = await ask(`${HERE}/pods/proxy-pod:80/proxy/echo?msg=a`, {}, false, method)
    expect(refused.code, method).toBe(422)
    expect(refused.text).toContain('PodProxyOptions of proxy-pod:80')
  }
  const service = await ask(`${HERE}/services/proxy-service/proxy/echo?msg=a`)
  expect(service.text).toContain('ServiceProxyOptions of proxy-service')
  expect((await ask(`${HERE}/services/proxy-service/proxy/hostname`)).code).toBe(200)
  expect((await ask('/api/v1/nodes/node-1/proxy/pods')).text).toContain('no such path')
  expect((await ask('/api/v1/nodes/node-1/proxy/healthz/')).code).toBe(200)
  const dry = await ask(`${HERE}/services/proxy-service/proxy/hostname?dryRun=All`)
  expect([dry.code, dry.text]).toEqual([400, expect.stringContaining('dryRun is not supported')])
  const { recording } = cluster
  expect(Cluster.replay(recording).recording.sha256).toBe(recording.sha256)
})

/** Webhooks outside, asked over real HTTPS, and in the cluster, asked over its network; policies on streams. */
import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Cluster } from '../../src/cluster/index.ts'
import { CertificateAuthority } from '../../src/server/certificates.ts'
import { type ServedCluster, serve } from '../../src/server/index.ts'

interface Review {
  readonly request: {
    readonly uid: string
    readonly object: {
      readonly kind?: string
      readonly command?: readonly string[]
      readonly data?: { readonly bad?: string }
    }
  }
}

/** Another command, another path. */
function patchOfOptions({ kind, command }: Review['request']['object']): object[] {
  if (command?.[0] === 'number') return [{ op: 'replace', path: '/command', value: 5 }]
  return kind === 'PodExecOptions'
    ? [{ op: 'replace', path: '/command', value: ['echo', 'something', 'else & more'] }]
    : [{ op: 'replace', path: '/path', value: '/no such/thing' }]
}

const configuration = (kind: 'Validating' | 'Mutating', name: string, webhook: object) => `
apiVersion: admissionregistration.k8s.io/v1
kind: ${kind}WebhookConfiguration
metadata: { name: ${name} }
webhooks:
- ${JSON.stringify({
  name: `${name}.example.com`,
  rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'default' } },
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  ...webhook,
})}
`

describe('a webhook outside', () => {
  const cluster = Cluster.create({ nodes: 1 })
  const bugs: unknown[] = []
  const folder = mkdtempSync(join(tmpdir(), 'kubarium-webhooks-'))
  let served: ServedCluster
  let webhook: Server
  let caBundle: string
  let url: string

  beforeAll(async () => {
    const authority = await CertificateAuthority.create(Date.now())
    const { key, certificate } = await authority.server(['127.0.0.1'])
    caBundle = Buffer.from(authority.certificate).toString('base64')
    webhook = createServer({ key, cert: certificate }, (incoming, outgoing) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('end', () => {
        const { request } = JSON.parse(Buffer.concat(chunks).toString()) as Review
        const patch = incoming.url?.startsWith('/mutate-options')
          ? patchOfOptions(request.object)
          : [{ op: 'add', path: '/data/seen', value: 'yes' }]
        const response = incoming.url?.startsWith('/mutate')
          ? { allowed: true, patchType: 'JSONPatch', patch: btoa(JSON.stringify(patch)) }
          : {
              allowed: request.object.data?.bad !== 'yes',
              status: { message: 'it is bad' },
              warnings: ['seen'],
            }
        const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' }
        outgoing.end(JSON.stringify({ ...review, response: { uid: request.uid, ...response } }))
      })
    })
    await new Promise<void>(resolve => webhook.listen(0, '127.0.0.1', () => resolve()))
    url = `https://127.0.0.1:${(webhook.address() as AddressInfo).port}`
    const failed = (error: unknown) => bugs.push(error)
    served = await serve({ cluster, port: 0, bind: '127.0.0.1', speed: 50, failed })
    writeFileSync(join(folder, 'config'), served.kubeconfig, { mode: 0o600 })
  })
  afterAll(async () => {
    await served.close()
    await new Promise(resolve => webhook.close(resolve))
  })

  function kubectl(line: string, input = ''): Promise<{ code: number; text: string }> {
    return new Promise(resolve => {
      const words = [`--kubeconfig=${join(folder, 'config')}`, ...line.split(' ')]
      const child = execFile('kubectl', words, (error, stdout, stderr) => {
        resolve({ code: error ? 1 : 0, text: stdout + stderr })
      })
      child.stdin!.end(input)
    })
  }

  test('changes, warns and refuses as itself; its answers are part of the recording', async () => {
    const validating = configuration('Validating', 'judge', {
      clientConfig: { url: `${url}/validate`, caBundle },
    })
    const mutating = configuration('Mutating', 'change', { clientConfig: { url: `${url}/mutate`, caBundle } })
    expect(await kubectl('apply -f -', `${validating}---${mutating}`)).toMatchObject({ code: 0 })
    const good = await kubectl('create configmap good --from-literal=bad=no')
    expect(good.text).toContain('configmap/good created')
    expect(good.text).toContain('Warning: seen')
    expect((await kubectl('get configmap good -o jsonpath={.data.seen}')).text).toBe('yes')
    expect((await kubectl('create configmap bad --from-literal=bad=yes')).text).toContain(
      'admission webhook "judge.example.com" denied the request: it is bad',
    )
    const { recording } = cluster
    expect(recording.inputs.filter(({ input }) => input.do === 'webhook')).toHaveLength(4)
    expect(Cluster.replay(recording).recording.sha256).toBe(recording.sha256)
    await kubectl('delete validatingwebhookconfiguration judge')
    await kubectl('delete mutatingwebhookconfiguration change')
    expect(bugs).toEqual([])
  })

  test.each([
    [
      'nobody-there',
      () => ({ url: 'https://127.0.0.1:1/' }),
      'dial tcp 127.0.0.1:1: connect: connection refused',
    ],
    ['unknown', () => ({ url }), 'x509: certificate signed by unknown authority'],
    ['nowhere', () => ({ url: 'https://a"b/' }), 'dial tcp: lookup a"b: no such host'],
  ] as const)('%s fails in the words of upstream', async (name, clientConfig, words) => {
    const text = configuration('Validating', name, { clientConfig: clientConfig() })
    await kubectl('apply -f -', text)
    const refused = await kubectl(`create configmap ${name}`)
    expect(refused.code).toBe(1)
    expect(refused.text).toContain(
      `failed calling webhook "${name}.example.com": failed to call webhook: Post `,
    )
    expect(refused.text).toContain(words)
    await kubectl(`delete validatingwebhookconfiguration ${name}`)
  })

  test('is heard about what is connected to, and may change how', async () => {
    await kubectl('run web --image=nginx')
    await kubectl('wait pod/web --for=condition=Ready --timeout=60s')
    const text = configuration('Mutating', 'connect', {
      clientConfig: { url: `${url}/mutate-options`, caBundle },
      rules: [
        {
          apiGroups: [''],
          apiVersions: ['v1'],
          operations: ['CONNECT'],
          resources: ['pods/exec', 'pods/proxy'],
        },
      ],
    })
    await kubectl('apply -f -', text)
    expect(await kubectl('exec web -- hostname')).toEqual({ code: 0, text: 'something else & more\n' })
    expect((await kubectl('exec web -- number')).text).toContain(
      'json: cannot unmarshal number into Go struct field PodExecOptions.command of type []string',
    )
    const proxied = await kubectl('get --raw /api/v1/namespaces/default/pods/web:80/proxy/index.html')
    expect(proxied.code).toBe(1)
    expect((await kubectl('logs web')).text).toContain('GET /no%20such/thing')
    await kubectl('delete mutatingwebhookconfiguration connect')
    await kubectl('delete pod web --now')
  })

  test('and a policy may refuse commands in containers', async () => {
    const policy = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: no-rm }
spec:
  matchConstraints:
    resourceRules: [{ apiGroups: [''], apiVersions: [v1], operations: [CONNECT], resources: [pods/exec] }]
  validations: [{ expression: "!('rm' in object.command)", message: leave that }]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: no-rm }
spec: { policyName: no-rm, validationActions: [Deny] }
`
    await kubectl('apply -f -', policy)
    await kubectl('run web --image=nginx')
    await kubectl('wait pod/web --for=condition=Ready --timeout=60s')
    expect(await kubectl('exec web -- echo hi')).toEqual({ code: 0, text: 'hi\n' })
    const refused = await kubectl('exec web -- rm -rf /')
    expect(refused.code).toBe(1)
    expect(refused.text).toContain(
      "ValidatingAdmissionPolicy 'no-rm' with binding 'no-rm' denied request: leave that",
    )
  })
})

describe('a webhook behind a Service', () => {
  const POD = `
apiVersion: v1
kind: Pod
metadata: { name: webhook, labels: { app: webhook } }
spec:
  containers:
  - { name: webhook, image: registry.k8s.io/e2e-test-images/agnhost:2.53, args: [webhook, --port=8444] }
---
apiVersion: v1
kind: Service
metadata: { name: webhook }
spec:
  selector: { app: webhook }
  ports: [{ port: 443, targetPort: 8444 }]
`
  const service = { namespace: 'default', name: 'webhook' }

  test('is asked over the network, and refuses while its pod is there', () => {
    const cluster = Cluster.create({ nodes: 2 })
    cluster.apply(POD)
    cluster.kubectl('wait pod/webhook --for=condition=Ready --timeout=60s')
    cluster.advance('5s')
    const clientConfig = { service: { ...service, path: '/always-deny' } }
    cluster.apply(configuration('Validating', 'denier', { clientConfig }))
    expect(cluster.kubectl('create configmap a')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(
        'admission webhook "denier.example.com" denied the request: this webhook denies all requests',
      ),
    })
    cluster.kubectl('delete pod webhook')
    cluster.advance('5s')
    expect(cluster.kubectl('create configmap a').stderr).toMatch(
      /failed to call webhook: Post "https:\/\/webhook.default.svc:443\/always-deny\?timeout=10s": dial tcp 10\.[\d.]+:443: connect: connection refused/,
    )
    const { recording } = cluster
    expect(Cluster.replay(recording).recording.sha256).toBe(recording.sha256)
  })

  test('has its timeout, and its failure may be ignored', () => {
    const cluster = Cluster.create({ nodes: 1 })
    cluster.apply(POD)
    cluster.kubectl('wait pod/webhook --for=condition=Ready --timeout=60s')
    cluster.advance('5s')
    const clientConfig = { service: { ...service, path: '/always-allow-delay-5s' } }
    const slow = (failurePolicy: string) =>
      configuration('Validating', 'slow', { clientConfig, timeoutSeconds: 2, failurePolicy })
    cluster.apply(slow('Fail'))
    const before = cluster.sim.now
    expect(cluster.kubectl('create configmap a').stderr).toContain(
      '/always-allow-delay-5s?timeout=2s": context deadline exceeded',
    )
    expect(cluster.sim.now - before).toBeGreaterThanOrEqual(2000)
    cluster.apply(slow('Ignore'))
    expect(cluster.kubectl('create configmap a').exitCode).toBe(0)
  })

  test('converts custom resources, and nothing is read through it once its pod is gone', () => {
    const cluster = Cluster.create({ nodes: 2 })
    cluster.apply(POD)
    cluster.kubectl('wait pod/webhook --for=condition=Ready --timeout=60s')
    cluster.advance('5s')
    cluster.apply(CONVERTED)
    cluster.advance('2s')
    const end = 'apiVersion: stable.example.com/v1\nkind: End\nmetadata: { name: db }\nhostPort: db:80\n'
    cluster.apply(end)
    const read = (version: string) =>
      cluster.kubectl(
        `get ends.${version}.stable.example.com db -o jsonpath={.apiVersion},{.hostPort},{.host}`,
      )
    expect(read('v1').stdout).toBe('stable.example.com/v1,db:80,')
    expect(read('v2').stdout).toBe('stable.example.com/v2,,db')
    expect(cluster.kubectl('logs webhook').stdout).toContain('handling request: /crdconvert')
    cluster.kubectl('delete pod webhook')
    cluster.kubectl('label ends.v1.stable.example.com db a=b')
    cluster.advance('5s')
    expect(read('v2').stderr).toMatch(
      /conversion webhook for stable.example.com\/v1, Kind=End failed: Post "https:\/\/webhook.default.svc:443\/crdconvert\?timeout=30s": dial tcp 10\.[\d.]+:443: connect: connection refused/,
    )
    const { recording } = cluster
    expect(Cluster.replay(recording).recording.sha256).toBe(recording.sha256)
  })
})

const CONVERTED = JSON.stringify({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'ends.stable.example.com' },
  spec: {
    group: 'stable.example.com',
    scope: 'Namespaced',
    names: { plural: 'ends', kind: 'End' },
    versions: [
      { name: 'v1', served: true, storage: true, ...openSchema('hostPort') },
      { name: 'v2', served: true, storage: false, ...openSchema('host', 'port') },
    ],
    conversion: {
      strategy: 'Webhook',
      webhook: {
        clientConfig: { service: { namespace: 'default', name: 'webhook', path: '/crdconvert' } },
        conversionReviewVersions: ['v1'],
      },
    },
  },
})

function openSchema(...names: string[]) {
  const properties = Object.fromEntries(names.map(name => [name, { type: 'string' }]))
  return { schema: { openAPIV3Schema: { type: 'object', properties } } }
}

/** Who one is at the door: certificates that the cluster has signed, tokens of pods, and what anybody may read. */
import { request } from 'node:https'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CARL } from '../../src/api/x509/requests.testing.ts'
import { Cluster } from '../../src/cluster/index.ts'
import { CertificateAuthority, rsaTokenSigner, type ServedCluster, serve } from '../../src/server/index.ts'

let authority: CertificateAuthority
let cluster: Cluster
let served: ServedCluster
const bugs: unknown[] = []

beforeAll(async () => {
  authority = await CertificateAuthority.create(Date.now())
  cluster = Cluster.create(
    { nodes: 1, authorization: 'RBAC', certificateAuthority: authority.certificate },
    { tokenSigner: rsaTokenSigner() },
  )
  const failed = (error: unknown) => bugs.push(error)
  served = await serve({ cluster, authority, port: 0, bind: '127.0.0.1', speed: 50, failed })
})
afterAll(async () => {
  await served.close()
  expect(bugs).toEqual([])
})

interface Asked {
  readonly method?: string
  readonly body?: object
  readonly token?: string
  readonly key?: string
  readonly cert?: string
}

function ask(path: string, { method = 'GET', body, token, key, cert }: Asked = {}) {
  const headers = {
    ...(body && { 'content-type': 'application/json' }),
    ...(token && { authorization: `Bearer ${token}` }),
  }
  return new Promise<{ code: number; json: Json }>((resolve, reject) => {
    const options = { method, headers, ca: authority.certificate, key, cert, agent: false }
    const sent = request(`${served.url}${path}`, options, answer => {
      let text = ''
      answer.on('data', chunk => {
        text += chunk
      })
      answer.on('end', () => resolve({ code: answer.statusCode ?? 0, json: JSON.parse(text) }))
    })
    sent.on('error', reject)
    sent.end(body && JSON.stringify(body))
  })
}
type Json = { readonly [key: string]: never }

const admin = () => authority.client({ name: 'kubernetes-admin', groups: ['kubeadm:cluster-admins'] })

async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 100; tries++) {
    const found = await look()
    if (found) return found
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error('it never came')
}

test('a request that is approved becomes a certificate of the authority', async () => {
  const { key, certificate: cert } = await admin()
  const requests = '/apis/certificates.k8s.io/v1/certificatesigningrequests'
  const body = {
    metadata: { name: 'carl' },
    spec: {
      signerName: 'kubernetes.io/kube-apiserver-client',
      usages: ['client auth'],
      request: btoa(CARL),
      expirationSeconds: 3600,
    },
  }
  expect(await ask(requests, { method: 'POST', body, key, cert })).toMatchObject({ code: 201 })
  const { json } = await ask(`${requests}/carl`, { key, cert })
  const conditions = [{ type: 'Approved', status: 'True', reason: 'x', message: 'y' }]
  const approved = { ...json, status: { conditions } }
  expect(await ask(`${requests}/carl/approval`, { method: 'PUT', body: approved, key, cert })).toMatchObject({
    code: 200,
  })
  const signed = await eventually(async () => {
    const { status } = (await ask(`${requests}/carl`, { key, cert })).json as {
      status?: { certificate?: string }
    }
    return status?.certificate
  })
  const { X509Certificate } = await import('node:crypto')
  const certificate = new X509Certificate(atob(signed))
  expect(certificate.subject).toBe('O=dev\nO=ops\nCN=carl')
  expect(certificate.checkIssued(new X509Certificate(authority.certificate))).toBe(true)
  expect(certificate.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true)
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
  const lifeMs = Date.parse(certificate.validTo) - Date.now()
  expect(Math.abs(lifeMs - 3_600_000)).toBeLessThan(60_000)
})

test('a token of a pod speaks for its account, until the pod is gone', async () => {
  const { key, certificate: cert } = await admin()
  const pod = { metadata: { name: 'web' }, spec: { containers: [{ name: 'web', image: 'nginx' }] } }
  const pods = '/api/v1/namespaces/default/pods'
  await ask(pods, { method: 'POST', body: pod, key, cert })
  const stored = await eventually(async () => {
    const found = cluster.get('pod', 'web')
    return found?.status.phase === 'Running' ? found : undefined
  })
  const order = { audience: undefined, seconds: 3607, issuedMs: cluster.sim.now }
  const token = cluster.world.controlPlane.apiServer.present!.podToken(stored, order)!
  const review = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
  const whoami = () => ask(review, { method: 'POST', body: {}, token })
  expect(await whoami()).toMatchObject({
    code: 201,
    json: { status: { userInfo: { username: 'system:serviceaccount:default:default' } } },
  })
  await ask(`${pods}/web?gracePeriodSeconds=0`, { method: 'DELETE', key, cert })
  await eventually(async () => cluster.get('pod', 'web') === undefined)
  expect(await whoami()).toMatchObject({ code: 401 })
})

test('anybody may read how to find the cluster, and nothing else', async () => {
  const { code, json } = await ask('/api/v1/namespaces/kube-public/configmaps/cluster-info')
  expect(code).toBe(200)
  const { data } = json as unknown as { data: Record<string, string> }
  expect(data.kubeconfig).toContain(`server: ${served.url}`)
  expect(Object.keys(data).filter(name => name.startsWith('jws-kubeconfig-'))).toHaveLength(1)
  expect(await ask('/api/v1/namespaces/kube-public/configmaps/kube-root-ca.crt')).toMatchObject({ code: 403 })
  expect(await ask('/openid/v1/jwks')).toMatchObject({ code: 403 })
})

test('who may not look does not learn that there is nothing', async () => {
  const asked = await ask('/apis/nobody/v1/things')
  expect(asked.json).toMatchObject({
    code: 403,
    message:
      'things.nobody is forbidden: User "system:anonymous" cannot list resource "things" in API group "nobody" at the cluster scope',
  })
})

test('who holds an account’s token may read the keys that tokens are signed with', async () => {
  const { key, certificate: cert } = await admin()
  const path = '/api/v1/namespaces/default/serviceaccounts/default/token'
  const { json } = await ask(path, { method: 'POST', body: { spec: {} }, key, cert })
  const { token } = (json as unknown as { status: { token: string } }).status
  const keys = await ask('/openid/v1/jwks', { token })
  const { kid } = JSON.parse(atob(token.split('.')[0]!)) as { kid: string }
  expect(keys).toMatchObject({ code: 200, json: { keys: [{ kty: 'RSA', alg: 'RS256', kid }] } })
  const { createPublicKey, verify } = await import('node:crypto')
  const [jwk] = (keys.json as unknown as { keys: object[] }).keys
  const [header, claims, signature = ''] = token.split('.')
  const signed = Buffer.from(`${header}.${claims}`)
  const publicKey = createPublicKey({ key: jwk as never, format: 'jwk' })
  expect(verify('sha256', signed, publicKey, Buffer.from(signature, 'base64url'))).toBe(true)
  expect(await ask('/.well-known/openid-configuration', { token })).toMatchObject({
    code: 200,
    json: { jwks_uri: `${served.url}/openid/v1/jwks` },
  })
})

test('all that happened plays again without a key', () => {
  const { recording } = cluster
  expect(recording.inputs.filter(({ input }) => input.do === 'certificate')).toHaveLength(1)
  const again = Cluster.replay(recording)
  expect(again.recording.sha256).toBe(recording.sha256)
  expect(again.get('csr', 'carl')).toEqual(cluster.get('csr', 'carl'))
})

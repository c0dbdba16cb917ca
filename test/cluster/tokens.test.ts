import { expect, test } from 'vitest'
import { Cluster } from '../../src/cluster/index.ts'

const FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount'

function started(options: Parameters<typeof Cluster.create>[0] = {}): Cluster {
  const cluster = Cluster.create({ nodes: 1, ...options })
  cluster.kubectl('run web --image=nginx')
  cluster.kubectl('wait pod/web --for=condition=Ready --timeout=60s')
  return cluster
}

const read = (cluster: Cluster, file: string) =>
  cluster.kubectl(`exec web -- cat ${FOLDER}/${file}`).stdout.trimEnd()
const claimsOf = (token: string) =>
  JSON.parse(atob(token.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/')))
const whose = (cluster: Cluster, token: string) =>
  cluster.world.controlPlane.apiServer.present!.authenticateToken(token)

test("a pod finds its account's token, the cluster's certificate and its namespace", () => {
  const cluster = started()
  const pod = cluster.get('pod', 'web')!
  const token = read(cluster, 'token')
  expect(claimsOf(token)).toMatchObject({
    sub: 'system:serviceaccount:default:default',
    'kubernetes.io': {
      namespace: 'default',
      pod: { name: 'web', uid: pod.metadata.uid },
      node: { name: 'node-1' },
    },
  })
  expect(whose(cluster, token)).toMatchObject({
    name: 'system:serviceaccount:default:default',
    extra: { 'authentication.kubernetes.io/pod-name': ['web'] },
  })
  expect(read(cluster, 'namespace')).toBe('default')
  expect(read(cluster, 'ca.crt')).toBe(
    cluster.get('configmap', 'kube-root-ca.crt')?.data?.['ca.crt']?.trimEnd(),
  )
})

test('the token goes with its pod', () => {
  const cluster = started()
  const token = read(cluster, 'token')
  expect(whose(cluster, token)).toBeDefined()
  cluster.kubectl('delete pod web --now')
  cluster.advance('5s')
  expect(cluster.get('pod', 'web')).toBeUndefined()
  expect(whose(cluster, token)).toBeUndefined()
})

test('the token is renewed after four fifths of its time, whoever looks and how often', () => {
  const cluster = started()
  const first = read(cluster, 'token')
  cluster.advance('40m')
  expect(read(cluster, 'token')).toBe(first)
  cluster.advance('10m')
  const second = read(cluster, 'token')
  expect(second).not.toBe(first)
  expect(claimsOf(second).iat - claimsOf(first).iat).toBeCloseTo(3607 * 0.8, -1)
  expect(claimsOf(second).warnafter).toBeUndefined()
  expect(claimsOf(second)['kubernetes.io'].warnafter).toBe(claimsOf(second).iat + 3607)
  const unseen = started()
  unseen.advance('50m')
  expect(claimsOf(read(unseen, 'token')).iat).toBe(claimsOf(second).iat)
})

test('a Secret for a token is filled, is good, and goes with its account', () => {
  const cluster = Cluster.create({ nodes: 0, authorization: 'RBAC' })
  cluster.advance('2s')
  cluster.kubectl('create serviceaccount robot')
  cluster.apply(
    '{apiVersion: v1, kind: Secret, metadata: {name: robot, annotations: {kubernetes.io/service-account.name: robot}}, type: kubernetes.io/service-account-token}',
  )
  cluster.advance('1s')
  const secret = cluster.get('secret', 'robot')!
  expect(Object.keys(secret.data ?? {}).sort()).toEqual(['ca.crt', 'namespace', 'token'])
  expect(secret.metadata.annotations?.['kubernetes.io/service-account.uid']).toBe(
    cluster.get('serviceaccount', 'robot')?.metadata.uid,
  )
  const token = atob(secret.data!.token!)
  expect(whose(cluster, token)).toMatchObject({ name: 'system:serviceaccount:default:robot' })
  cluster.kubectl('delete serviceaccount robot')
  cluster.advance('1s')
  expect(cluster.get('secret', 'robot')).toBeUndefined()
  expect(whose(cluster, token)).toBeUndefined()
})

test('a Secret for an account that is not there is deleted', () => {
  const cluster = Cluster.create({ nodes: 0, authorization: 'RBAC' })
  cluster.advance('2s')
  cluster.apply(
    '{apiVersion: v1, kind: Secret, metadata: {name: none, annotations: {kubernetes.io/service-account.name: nobody}}, type: kubernetes.io/service-account-token}',
  )
  expect(cluster.get('secret', 'none')).toBeDefined()
  cluster.advance('1s')
  expect(cluster.get('secret', 'none')).toBeUndefined()
})

test('bootstrap tokens sign the cluster’s description and go when they expire', () => {
  const cluster = Cluster.create({ nodes: 0, authorization: 'RBAC' })
  cluster.advance('2s')
  cluster.apply(`
apiVersion: v1
kind: ConfigMap
metadata: {name: cluster-info, namespace: kube-public}
data: {kubeconfig: "content"}
---
apiVersion: v1
kind: Secret
type: bootstrap.kubernetes.io/token
metadata: {name: bootstrap-token-abcdef, namespace: kube-system}
stringData:
  token-id: abcdef
  token-secret: 0123456789abcdef
  usage-bootstrap-signing: "true"
  expiration: "2026-01-01T01:00:00Z"
`)
  cluster.advance('1s')
  const data = () => cluster.get('configmap', 'cluster-info', 'kube-public')?.data ?? {}
  // HMAC-SHA-256 over `HEADER.PAYLOAD`, by openssl.
  expect(data()['jws-kubeconfig-abcdef']).toBe(
    'eyJhbGciOiJIUzI1NiIsImtpZCI6ImFiY2RlZiJ9..psz1NayrXM3IaFzKZGsb5n_mBl7MjtlsZ1xE8MRmF_4',
  )
  cluster.advance('61m')
  expect(cluster.get('secret', 'bootstrap-token-abcdef', 'kube-system')).toBeUndefined()
  expect(Object.keys(data())).toEqual(['kubeconfig'])
})

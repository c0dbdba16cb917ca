import { expect, test } from 'vitest'
import type { CertificateSigningRequest } from '../../src/api/index.ts'
import { CARL, NODE } from '../../src/api/x509/requests.testing.ts'
import { Cluster, type ClusterOptions, type OutsideOrder } from '../../src/cluster/index.ts'

const AUTHORITY = '-----BEGIN CERTIFICATE-----\nYXV0aG9yaXR5\n-----END CERTIFICATE-----\n'
const OPTIONS: ClusterOptions = { nodes: 0, authorization: 'RBAC', certificateAuthority: AUTHORITY }

/** A cluster, and the orders for certificates that come out of it. */
function started(): { cluster: Cluster; orders: OutsideOrder[] } {
  const cluster = Cluster.create(OPTIONS)
  cluster.advance('2s')
  const orders: OutsideOrder[] = []
  cluster.world.certificates.toOutside(order => orders.push(order))
  return { cluster, orders }
}

/** Fills an order, between two events as a front end does, and lets its certificate arrive. */
function fill(cluster: Cluster, order: number): void {
  cluster.begin({ do: 'certificate', order, answer: { ok: true, certificate: `certificate ${order}` } })
  cluster.advance('1s')
}

function ask(cluster: Cluster, name: string, pem: string, signer: string, usages: string): void {
  const request = btoa(pem)
  cluster.kubectl('create -f r.yaml', {
    'r.yaml': `{apiVersion: certificates.k8s.io/v1, kind: CertificateSigningRequest, metadata: {name: ${name}}, spec: {signerName: ${signer}, usages: [${usages}], request: ${request}}}`,
  })
}

const CLIENT = 'kubernetes.io/kube-apiserver-client'

function approve(cluster: Cluster, name: string): void {
  const patch = { status: { conditions: [{ type: 'Approved', status: 'True', reason: 'x', message: 'y' }] } }
  const user = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }
  const request = {
    verb: 'patch',
    apiVersion: 'certificates.k8s.io/v1',
    resource: 'certificatesigningrequests',
    namespace: '',
    name,
    subresource: 'approval',
    body: patch,
    options: { patchType: 'merge' },
  } as const
  const running = cluster.begin({ do: 'api', user, request })
  cluster.runUntil(() => running.result !== undefined, { within: '10s' })
  expect(running.result).toMatchObject({ ok: true, value: { ok: true } })
}

const statusOf = (cluster: Cluster, name: string) =>
  (cluster.get('csr', name) as CertificateSigningRequest | undefined)?.status

test('an approved request gets a certificate; the recording plays again without a key', () => {
  const { cluster, orders } = started()
  ask(cluster, 'carl', CARL, CLIENT, 'client auth')
  cluster.advance('5s')
  expect(orders).toEqual([])
  approve(cluster, 'carl')
  cluster.advance('1s')
  expect(orders).toMatchObject([{ request: CARL, usages: ['client auth'], seconds: 31_536_000 }])
  fill(cluster, 0)
  expect(statusOf(cluster, 'carl')).toMatchObject({ certificate: btoa('certificate 0') })
  const again = Cluster.replay(cluster.recording)
  expect(again.recording.sha256).toBe(cluster.recording.sha256)
  expect(statusOf(again, 'carl')).toEqual(statusOf(cluster, 'carl'))
})

test('an order that nobody fills is given again', () => {
  const { cluster, orders } = started()
  ask(cluster, 'carl', CARL, CLIENT, 'client auth')
  approve(cluster, 'carl')
  cluster.advance('50s')
  expect(orders.length).toBe(1)
  cluster.advance('70s')
  expect(orders.map(({ order }) => order)).toEqual([0, 1])
  expect(statusOf(cluster, 'carl')).not.toHaveProperty('certificate')
})

test('a usage that the signer does not sign is a failure', () => {
  const { cluster, orders } = started()
  ask(cluster, 'carl', CARL, CLIENT, 'server auth')
  approve(cluster, 'carl')
  cluster.advance('1s')
  expect(orders).toEqual([])
  expect(statusOf(cluster, 'carl')).toMatchObject({
    conditions: [
      { type: 'Approved' },
      {
        type: 'Failed',
        reason: 'SignerValidationFailure',
        message: 'invalid usage for client certificate: server auth',
      },
    ],
  })
})

test("a kubelet's own request is approved by itself, another's is not", () => {
  const { cluster } = started()
  const signer = `${CLIENT}-kubelet`
  ask(cluster, 'node', NODE, signer, 'client auth, digital signature')
  ask(cluster, 'person', CARL, signer, 'client auth, digital signature')
  ask(cluster, 'usages', NODE, signer, 'client auth')
  cluster.advance('2s')
  fill(cluster, 0)
  expect(statusOf(cluster, 'node')).toMatchObject({
    certificate: btoa('certificate 0'),
    conditions: [
      {
        type: 'Approved',
        reason: 'AutoApproved',
        message: 'Auto approving kubelet client certificate after SubjectAccessReview.',
      },
    ],
  })
  expect(statusOf(cluster, 'person')).toEqual({})
  expect(statusOf(cluster, 'usages')).toEqual({})
})

test('an issued request goes at the first full hour after its own', () => {
  const { cluster } = started()
  ask(cluster, 'issued', CARL, CLIENT, 'client auth')
  approve(cluster, 'issued')
  cluster.advance('1s')
  fill(cluster, 0)
  cluster.advance('55m')
  expect(statusOf(cluster, 'issued')).toBeDefined()
  cluster.advance('66m')
  expect(statusOf(cluster, 'issued')).toBeUndefined()
})

test('without an authority approved requests wait', () => {
  const cluster = Cluster.create({ nodes: 0, authorization: 'RBAC' })
  cluster.advance('2s')
  ask(cluster, 'carl', CARL, CLIENT, 'client auth')
  approve(cluster, 'carl')
  cluster.advance('5m')
  expect(statusOf(cluster, 'carl')).toMatchObject({ conditions: [{ type: 'Approved' }] })
  expect(statusOf(cluster, 'carl')).not.toHaveProperty('certificate')
})

import { expect, test } from 'vitest'
import {
  type CertificateSigningRequest,
  CertificateSigningRequests,
  ClusterRoleBindings,
  ClusterRoles,
  encodeBase64,
} from '../../src/api/index.ts'
import { CARL, MASTER, NODE } from '../../src/api/x509/requests.testing.ts'
import { refusalOf, World } from '../../src/apiserver/world.testing.ts'

const SIGNER = 'kubernetes.io/kube-apiserver-client'
const BOB = { as: { name: 'bob', groups: ['system:authenticated'] } }

function request(pem: string, spec: object = {}) {
  return {
    metadata: { name: 'mine' },
    spec: { signerName: SIGNER, usages: ['client auth'], request: encodeBase64(pem), ...spec },
  }
}

/** Bob may write requests' subresources, and may what `signers` says besides. */
function started(...signers: { verbs: string[]; resourceNames: string[] }[]): World {
  const world = new World({ authorization: 'RBAC' })
  world.sim.advance(200)
  const apiGroups = ['certificates.k8s.io']
  const resources = ['certificatesigningrequests/approval', 'certificatesigningrequests/status']
  const rules = [
    { apiGroups, resources, verbs: ['update', 'patch'] },
    ...signers.map(rule => ({ apiGroups, resources: ['signers'], ...rule })),
  ]
  world.create(ClusterRoles, { metadata: { name: 'bob' }, rules })
  world.create(ClusterRoleBindings, {
    metadata: { name: 'bob' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'bob' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'bob' }],
  })
  world.create(CertificateSigningRequests, request(CARL))
  world.settle()
  return world
}

function approve(world: World) {
  const stored = world.server.read(CertificateSigningRequests, '', 'mine') as CertificateSigningRequest
  const conditions = [{ type: 'Approved', status: 'True', reason: 'x', message: '' }]
  const body = { ...stored, status: { conditions } }
  return world.ask('update', CertificateSigningRequests, '/mine#approval', body, BOB)
}

function issue(world: World) {
  const stored = world.server.read(CertificateSigningRequests, '', 'mine') as CertificateSigningRequest
  const body = { ...stored, status: { ...stored.status, certificate: 'eA==' } }
  return world.ask('update', CertificateSigningRequests, '/mine#status', body, BOB)
}

test('who approves needs the right to for the signer', () => {
  expect(refusalOf(approve(started()))).toBe(
    `403 Forbidden: certificatesigningrequests.certificates.k8s.io "mine" is forbidden: user not permitted to approve requests with signerName "${SIGNER}"`,
  )
  expect(refusalOf(approve(started({ verbs: ['sign'], resourceNames: [SIGNER] })))).toContain('not permitted')
  expect(approve(started({ verbs: ['approve'], resourceNames: [SIGNER] })).ok).toBe(true)
  expect(approve(started({ verbs: ['approve'], resourceNames: ['kubernetes.io/*'] })).ok).toBe(true)
})

test('who signs needs the right to for the signer', () => {
  expect(refusalOf(issue(started()))).toContain(
    `user not permitted to sign requests with signerName "${SIGNER}"`,
  )
  expect(issue(started({ verbs: ['sign'], resourceNames: [SIGNER] })).ok).toBe(true)
})

test('nobody asks the server’s own signer for the masters', () => {
  const world = started()
  const ask = (name: string, spec: object) =>
    world.ask('create', CertificateSigningRequests, '/', {
      ...request(MASTER, spec),
      metadata: { name },
    })
  expect(refusalOf(ask('eve', {}))).toContain(
    `use of ${SIGNER} signer with system:masters group is not allowed`,
  )
  expect(ask('other', { signerName: 'example.com/mine' }).ok).toBe(true)
})

test('a request that another key has signed is refused', () => {
  const world = started()
  const body = { ...request(NODE.replace('Y95hS7xH', 'Y95hS7xI')), metadata: { name: 'forged' } }
  expect(body.spec.request).not.toBe(encodeBase64(NODE))
  expect(refusalOf(world.ask('create', CertificateSigningRequests, '/', body))).toMatch(
    /^422 Invalid: .*spec.request: Invalid value: .*: x509: ECDSA verification failure$/s,
  )
})

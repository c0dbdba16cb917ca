import { expect, test } from 'vitest'
import { encodeBase64, Secrets, ServiceAccounts, TokenReviews } from '../../api/index.ts'
import { refusalOf, serviceAccount, World } from '../world.testing.ts'

const started = () => {
  const world = new World({ authorization: 'RBAC' })
  world.sim.advance(200)
  world.create(ServiceAccounts, serviceAccount('builder'))
  world.settle()
  return world
}
const tokenOf = (world: World, spec: object = {}) => {
  const answer = world.ask<never>('create', ServiceAccounts, 'default/builder#token', { spec })
  return (world.must(answer) as unknown as { status: { token: string } }).status.token
}

test('a service account is who its token says', () => {
  const world = started()
  expect(world.server.authenticateToken(tokenOf(world))).toMatchObject({
    name: 'system:serviceaccount:default:builder',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
  })
})

test('a token ends with its time, with its account, and when anybody changes it', () => {
  const world = started()
  const token = tokenOf(world, { expirationSeconds: 600 })
  const [header, claims = '', signature] = token.split('.')
  expect(world.server.authenticateToken([header, `${claims}A`, signature].join('.'))).toBeUndefined()
  world.sim.advance(599_000)
  expect(world.server.authenticateToken(token)).toBeDefined()
  world.sim.advance(2000)
  expect(world.server.authenticateToken(token)).toBeUndefined()
  const another = tokenOf(world)
  world.ask('delete', ServiceAccounts, 'default/builder')
  world.settle()
  expect(world.server.authenticateToken(another)).toBeUndefined()
})

test('a token for somebody else is not for the API server', () => {
  const world = started()
  const token = tokenOf(world, { audiences: ['vault'] })
  expect(world.server.authenticateToken(token)).toBeUndefined()
  const spec = { token, audiences: ['vault', 'other'] }
  const review = world.must(world.ask('create', TokenReviews, '/', { metadata: {}, spec }))
  expect(review).toMatchObject({ status: { authenticated: true, audiences: ['vault'] } })
})

test('tokens that cannot be had are refused', () => {
  const world = started()
  const ask = (spec: object) =>
    refusalOf(world.ask('create', ServiceAccounts, 'default/builder#token', { spec }))
  expect(ask({ expirationSeconds: 60 })).toContain('may not specify a duration less than 10 minutes')
  expect(ask({ boundObjectRef: { kind: 'Pod', name: 'none' } })).toContain('pods "none" not found')
  expect(ask({ boundObjectRef: { kind: 'Service', name: 'x' } })).toContain(
    'cannot bind token to object of type Service',
  )
})

test('a bootstrap token is good as long as its secret says so', () => {
  const world = started()
  const fields = {
    'token-id': 'abcdef',
    'token-secret': '0123456789abcdef',
    'usage-bootstrap-authentication': 'true',
    'auth-extra-groups': 'system:bootstrappers:kubeadm:default-node-token',
    expiration: '2026-01-01T01:00:00Z',
  }
  const data = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, encodeBase64(value)]))
  const metadata = { name: 'bootstrap-token-abcdef', namespace: 'kube-system' }
  world.create(Secrets, { metadata, type: 'bootstrap.kubernetes.io/token', data })
  world.settle()
  const token = 'abcdef.0123456789abcdef'
  expect(world.server.authenticateToken(token)).toMatchObject({ name: 'system:bootstrap:abcdef' })
  expect(world.server.authenticateToken('abcdef.0123456789abcdee')).toBeUndefined()
  world.sim.advance(3_700_000)
  expect(world.server.authenticateToken(token)).toBeUndefined()
})

test('who acts as somebody else needs the right to it', () => {
  const world = started()
  const target = { name: 'anna', groups: [] }
  const nobody = { name: 'bob', groups: ['system:authenticated'] }
  expect(world.server.authorizeImpersonation(nobody, target)).toMatchObject({
    ok: false,
    status: {
      message:
        'users "anna" is forbidden: User "bob" cannot impersonate resource "users" in API group "" at the cluster scope',
    },
  })
  expect(world.server.authorizeImpersonation(world.user, target)).toEqual({
    ok: true,
    user: { name: 'anna', groups: ['system:authenticated'] },
  })
})

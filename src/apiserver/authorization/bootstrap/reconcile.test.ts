import { expect, test } from 'vitest'
import { type Binding, ClusterRoleBindings, ClusterRoles, type Role } from '../../../api/index.ts'
import { World } from '../../world.testing.ts'

const OFF = { annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'false' } }

test('what was taken from the bootstrap policy is given back at the next start, unless it says otherwise', () => {
  const world = new World({ authorization: 'RBAC' })
  world.sim.advance(500)
  const change = (kind: typeof ClusterRoles | typeof ClusterRoleBindings, name: string, body: object) =>
    world.must(world.ask('patch', kind, `/${name}`, body, { patchType: 'merge' }))
  const role = (name: string) => world.server.read(ClusterRoles, '', name) as Role
  const { rules } = role('system:basic-user')
  const extra = { apiGroups: [''], resources: ['pods'], verbs: ['get'] }
  change(ClusterRoles, 'system:basic-user', { rules: [extra], metadata: { labels: { mine: 'yes' } } })
  change(ClusterRoles, 'system:discovery', { rules: [], metadata: OFF })
  change(ClusterRoleBindings, 'system:basic-user', { subjects: [] })
  world.settle()
  expect(role('system:basic-user').rules).toEqual([extra])
  world.restart()
  world.sim.advance(500)
  expect(role('system:basic-user').rules?.[0]).toEqual(extra)
  expect(role('system:basic-user').rules?.length).toBeGreaterThanOrEqual(1 + rules!.length)
  expect(role('system:basic-user').metadata.labels).toMatchObject({
    mine: 'yes',
    'kubernetes.io/bootstrapping': 'rbac-defaults',
  })
  expect(role('system:discovery').rules).toEqual([])
  const binding = world.server.read(ClusterRoleBindings, '', 'system:basic-user') as Binding
  expect(binding.subjects).toMatchObject([{ kind: 'Group', name: 'system:authenticated' }])
  const revision = world.server.revision
  world.restart()
  world.sim.advance(500)
  expect(world.server.revision).toBe(revision)
})

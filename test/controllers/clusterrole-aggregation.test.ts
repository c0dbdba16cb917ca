/** ClusterRoles that gather the rules of others follow them, in a whole cluster with RBAC. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { ClusterRole } from '../../src/api/index.ts'
import { Cluster } from '../../src/cluster/index.ts'

const cluster = Cluster.create({ nodes: 1, authorization: 'RBAC' })
const role = (name: string) => cluster.get('ClusterRole', name, '') as ClusterRole | undefined
const resources = (name: string) => role(name)?.rules?.flatMap(rule => rule.resources ?? [])

const part = (name: string, label: string, resource: string) => `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: ${name}, labels: { ${label}: "true" } }
rules: [{ apiGroups: [""], resources: [${resource}], verbs: [get] }]
`

const WHOLE = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: whole, labels: { red: "true" } }
aggregationRule:
  clusterRoleSelectors: [{ matchLabels: { red: "true" } }, { matchLabels: { blue: "true" } }]
rules: []
`

beforeAll(() => cluster.advance('10s'))

describe('the roles for people', () => {
  test.each(['admin', 'edit', 'view'])('%s begins as it would be gathered', name => {
    expect(
      cluster.world.controlPlane.store.get(`/registry/rbac.authorization.k8s.io/clusterroles/${name}`)
        ?.version,
    ).toBe(1)
  })

  test('grow with what is labelled for them, one through the other', () => {
    cluster.apply(part('crontabs', 'rbac.authorization.k8s.io/aggregate-to-view', 'crontabs'))
    cluster.advance('5s')
    for (const name of ['view', 'edit', 'admin']) expect(resources(name)).toContain('crontabs')
    cluster.kubectl('delete clusterrole crontabs')
    cluster.advance('5s')
    for (const name of ['view', 'edit', 'admin']) expect(resources(name)).not.toContain('crontabs')
  })
})

test('rules come selector by selector, then by name, each once and none of its own', () => {
  cluster.apply(
    [part('b', 'red', 'pods'), part('a', 'red', 'secrets'), part('c', 'blue', 'pods')].join('---'),
  )
  cluster.apply(WHOLE)
  cluster.advance('5s')
  expect(resources('whole')).toEqual(['secrets', 'pods'])
  cluster.apply(part('a', 'green', 'secrets'))
  cluster.apply(part('d', 'blue', 'nodes'))
  cluster.advance('5s')
  expect(resources('whole')).toEqual(['pods', 'nodes'])
  const { managedFields = [] } = role('whole')?.metadata ?? {}
  expect(managedFields.map(({ manager, operation }) => `${manager} ${operation}`)).toContain(
    'clusterrole-aggregation-controller Apply',
  )
})

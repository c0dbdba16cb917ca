import { expect, test } from 'vitest'
import { Cluster } from '../../src/cluster/index.ts'

const MISTYPED = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { x: [] }\n'
const NAMELESS = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { generateName: a- }\n'

test('apply says which file a refused object came from', () => {
  const cluster = Cluster.create({ nodes: 0 })
  const { stderr, exitCode } = cluster.kubectl('apply -f a.yaml', { 'a.yaml': MISTYPED })
  expect(stderr).toMatch(
    /^Error from server \(BadRequest\): error when creating "a.yaml": ConfigMap in version /,
  )
  expect(exitCode).toBe(1)
})

test('apply takes no generated names', () => {
  const cluster = Cluster.create({ nodes: 0 })
  const { stderr } = cluster.kubectl('apply -f a.yaml', { 'a.yaml': NAMELESS })
  expect(stderr).toBe('error: from a-: cannot use generate name with apply\n')
})

test('kubectl says in its own words that no API server listens', () => {
  const cluster = Cluster.create({ nodes: 0 })
  cluster.faults.crash('kube-apiserver')
  expect(cluster.kubectl('get pods').stderr).toBe(
    'The connection to the server kube-apiserver:6443 was refused - did you specify the right host or port?\n',
  )
})

test.each([
  [
    'deployment web --image=nginx',
    'error: failed to create deployment: deployments.apps "web" already exists\n',
  ],
  ['configmap web', 'error: failed to create configmap: configmaps "web" already exists\n'],
  ['namespace web', 'Error from server (AlreadyExists): namespaces "web" already exists\n'],
])('a second kubectl create %s is refused in the words of its generator', (what, words) => {
  const cluster = Cluster.create({ nodes: 1 })
  cluster.kubectl(`create ${what}`)
  expect(cluster.kubectl(`create ${what}`).stderr).toBe(words)
})

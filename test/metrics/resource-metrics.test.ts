/** metrics.k8s.io as clients see it. */
import { expect, test } from 'vitest'
import { Cluster } from '../../src/cluster/index.ts'

const POD = (name: string, label: string) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: ${label} } }
spec: { containers: [{ name: c, image: nginx }, { name: d, image: redis }] }
`

function started(): Cluster {
  const cluster = Cluster.create({ nodes: 2 })
  cluster.apply(`${POD('web', 'front')}---${POD('db', 'back')}`)
  return cluster
}

test('a pod is measured once it was there at two scrapes', () => {
  const cluster = started()
  cluster.advance('5s')
  const early = cluster.kubectl('get podmetrics web')
  expect(early.exitCode).toBe(1)
  expect(early.stderr).toBe(
    'Error from server (NotFound): podmetrics.metrics.k8s.io "default/web" not found\n',
  )
  expect(cluster.kubectl('get podmetrics').stdout).toBe('')
  cluster.advance('40s')
  const lines = cluster.kubectl('get podmetrics').stdout.trimEnd().split('\n')
  expect(lines[0]).toMatch(/^NAME +CPU +MEMORY +WINDOW$/)
  expect(lines.slice(1).map(line => line.split(/ +/)[0])).toEqual(['db', 'web'])
  expect(lines[1]).toMatch(/^db +\d+n +\d+Ki +1[2-8](\.\d+)?s$/)
})

test('selectors, names and nodes are those of the objects measured', () => {
  const cluster = started()
  cluster.advance('1m')
  const get = (line: string) => cluster.kubectl(`get ${line}`)
  expect(get('podmetrics -l app=back -o name').stdout).toBe('podmetrics.metrics.k8s.io/db\n')
  expect(get('nodemetrics -o name').stdout).toBe(
    'nodemetrics.metrics.k8s.io/node-1\nnodemetrics.metrics.k8s.io/node-2\n',
  )
  expect(get('podmetrics none').stderr).toBe('Error from server (NotFound): pods "none" not found\n')
  const { containers, metadata } = JSON.parse(get('podmetrics web -o json').stdout)
  expect(containers.map(({ name }: { name: string }) => name)).toEqual(['c', 'd'])
  expect(metadata.labels).toEqual({ app: 'front' })
})

test('a node that is down is not measured, nor what ran there', () => {
  const cluster = started()
  cluster.advance('1m')
  const node = cluster.get('pod', 'web')!.spec.nodeName
  cluster.faults.crash(node!)
  cluster.advance('20s')
  expect(cluster.kubectl('get nodemetrics -o name').stdout).not.toContain(node)
  expect(cluster.kubectl('get podmetrics web').exitCode).toBe(1)
})

test('kubectl top prints what the real one prints', () => {
  const cluster = started()
  const top = (line: string) => cluster.kubectl(`top ${line}`)
  cluster.advance('5s')
  expect(top('pods').stderr).toBe('error: metrics not available yet\n')
  expect(top('pods -l app=none').stderr).toBe('No resources found in default namespace.\n')
  cluster.advance('1m')
  expect(top('nodes').stdout).toMatch(
    /^NAME {5}CPU\(cores\) {3}CPU\(%\) {3}MEMORY\(bytes\) {3}MEMORY\(%\) {3}\nnode-1 {3}\d+m {10}1% {7}\d+Mi {11}6% {10}\n/,
  )
  expect(top('pods').stdout).toBe(
    'NAME   CPU(cores)   MEMORY(bytes)   \ndb     3m           10Mi            \nweb    3m           10Mi            \n',
  )
  expect(top('pod web --containers --sort-by=memory').stdout).toBe(
    'POD   NAME   CPU(cores)   MEMORY(bytes)   \nweb   d      2m           6Mi             \nweb   c      2m           4Mi             \n',
  )
  const sum = top('pods --sum --no-headers').stdout
  expect(sum).toMatch(/^db {4}3m {9}10Mi {7}\nweb {3}3m .*\n {6}_{8} {3}_{8} {3}\n {6}\dm {9}2\dMi {7}\n$/)
  expect(top('pods --sort-by=name').stderr).toBe('error: --sort-by accepts only cpu or memory\n')
  expect(top('node none').stderr).toBe('Error from server (NotFound): nodes "none" not found\n')
})

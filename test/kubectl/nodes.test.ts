import { beforeEach, expect, test } from 'vitest'
import { DaemonSets, Nodes, Pods } from '../../src/api/index.ts'
import { TestCluster } from './cluster.ts'

const CONTAINERS = [{ name: 'web', image: 'nginx' }]

let cluster: TestCluster

beforeEach(() => {
  cluster = new TestCluster()
  for (const name of ['node-1', 'node-2']) {
    cluster.create(Nodes, { metadata: { name, labels: { zone: name } }, spec: {} })
    // Nodes are born tainted as not ready; nobody is here to take that away.
    cluster.text(`taint node ${name} node.kubernetes.io/not-ready-`)
  }
})

function expectAll(table: readonly (readonly [line: string, printed: string])[]): void {
  for (const [line, printed] of table) expect([line, cluster.text(line)]).toEqual([line, printed])
}

function pod(name: string, spec: object = {}, owner?: { kind: string; name: string; uid: string }): void {
  const ownerReferences = owner && [{ apiVersion: 'apps/v1', ...owner, controller: true }]
  cluster.create(Pods, {
    metadata: { name, namespace: 'default', ...(ownerReferences && { ownerReferences }) },
    spec: { containers: CONTAINERS, nodeName: 'node-1', terminationGracePeriodSeconds: 0, ...spec },
  })
}

test('cordon and uncordon', () => {
  expectAll([
    ['cordon node-1', 'node/node-1 cordoned\n'],
    ['cordon node-1', 'node/node-1 already cordoned\n'],
    ['get node node-1 -o jsonpath={.spec.unschedulable}', 'true'],
    ['uncordon node/node-1', 'node/node-1 uncordoned\n'],
    ['uncordon -l zone=node-2', 'node/node-2 already uncordoned\n'],
    ['cordon nope', 'Error from server (NotFound): nodes "nope" not found\n'],
    ['cordon node-1 --dry-run=client', 'node/node-1 cordoned (dry run)\n'],
  ])
})

test('taint adds, changes and removes', () => {
  expectAll([
    ['taint nodes node-1 dedicated=db:NoSchedule', 'node/node-1 tainted\n'],
    [
      'taint nodes node-1 dedicated=web:NoSchedule',
      'error: node node-1 already has dedicated taint(s) with same effect(s) and --overwrite is false\n',
    ],
    ['taint nodes node-1 dedicated=web:NoSchedule --overwrite', 'node/node-1 modified\n'],
    [
      'get node node-1 -o jsonpath={.spec.taints}',
      '[{"effect":"NoSchedule","key":"dedicated","value":"web"}]',
    ],
    ['taint node node-1 other:NoExecute dedicated:NoSchedule-', 'node/node-1 modified\n'],
    ['taint node node-1 other-', 'node/node-1 untainted\n'],
    ['taint node node-1 other-', 'error: taint "other" not found\n'],
    ['taint nodes --all a:PreferNoSchedule', 'node/node-1 tainted\nnode/node-2 tainted\n'],
    [
      'taint nodes node-1 a=b:Never',
      "error: invalid taint effect: Never, unsupported taint effect\nSee 'kubectl taint -h' for help and examples\n",
    ],
    ['taint pods node-1 a:NoSchedule', 'error: invalid resource type pods, only node types are supported\n'],
  ])
})

test('drain stops at what it was not told to take', () => {
  const daemons = cluster.create(DaemonSets, {
    metadata: { name: 'agent', namespace: 'default' },
    spec: {
      selector: { matchLabels: { app: 'agent' } },
      template: { metadata: { labels: { app: 'agent' } }, spec: { containers: CONTAINERS } },
    },
  })
  pod('agent-1', {}, { kind: 'DaemonSet', name: 'agent', uid: daemons.metadata.uid })
  pod('alone')
  expectAll([
    [
      'drain node-1',
      `node/node-1 cordoned
error: unable to drain node "node-1" due to error: [cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): default/agent-1, cannot delete cannot delete Pods that declare no controller (use --force to override): default/alone], continuing command...
There are pending nodes to be drained:
 node-1
cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): default/agent-1
cannot delete cannot delete Pods that declare no controller (use --force to override): default/alone
`,
    ],
  ])
  const { stdout, stderr, exitCode } = cluster.run(
    'drain node-1 --ignore-daemonsets --force --disable-eviction',
  )
  expect({ stdout, stderr, exitCode }).toEqual({
    stdout: 'node/node-1 already cordoned\npod/alone deleted\nnode/node-1 drained\n',
    stderr:
      'Warning: ignoring DaemonSet-managed Pods: default/agent-1; deleting Pods that declare no controller: default/alone\n',
    exitCode: 0,
  })
})

test('drain waits for pods to go, up to its timeout', () => {
  const owner = { kind: 'ReplicaSet', name: 'web', uid: 'x' }
  pod('web-1', { terminationGracePeriodSeconds: 30 }, owner)
  const { stdout, exitCode } = cluster.run('drain node-1 --disable-eviction --timeout=3s')
  expect({ stdout, exitCode }).toEqual({ stdout: 'node/node-1 cordoned\n', exitCode: 1 })
  const draining = cluster.start('drain node-1 --disable-eviction')
  cluster.sim.advance(5000)
  expect(draining.result).toBeUndefined()
  cluster.delete(Pods, 'default', 'web-1')
  cluster.sim.advance(2000)
  expect(draining.result?.stdout).toBe(
    'node/node-1 already cordoned\npod/web-1 deleted\nnode/node-1 drained\n',
  )
})

test('logs come from the port, of the container that is meant', () => {
  expectAll([['logs web', 'error: logs are not to be had here: no kubelets are connected\n']])
  cluster.ports = {
    logs: (namespace, name, container, { tailLines, previous }) =>
      previous ? undefined : `${namespace}/${name}/${container} ${tailLines ?? 'all'}\n`,
    *exec(_, name, container, command) {
      return { stdout: `${name}/${container}: ${command.join(' ')}\n`, stderr: '', exitCode: 3 }
    },
  }
  cluster.create(Pods, {
    metadata: { name: 'web', namespace: 'default', labels: { app: 'web' } },
    spec: { containers: [...CONTAINERS, { name: 'side', image: 'busybox' }], nodeName: 'node-1' },
  })
  const hint = 'Defaulted container "web" out of: web, side\n'
  expectAll([
    ['logs web -c side', 'default/web/side all\n'],
    ['logs pod/web --tail=5', `default/web/web 5\n${hint}`],
    ['logs -l app=web --prefix', `[pod/web/web] default/web/web 10\n${hint}`],
    ['logs web --all-containers', 'default/web/web all\ndefault/web/side all\n'],
    ['logs web -c nope', 'error: container nope is not valid for pod web\n'],
    [
      'logs web -p -c web',
      'Error from server (BadRequest): previous terminated container "web" in pod "web" not found\n',
    ],
    ['logs nope', 'error: error from server (NotFound): pods "nope" not found in namespace "default"\n'],
    ['exec web -c side -- ls /', 'web/side: ls /\ncommand terminated with exit code 3\n'],
  ])
  expect(cluster.run('exec web -- ls').exitCode).toBe(3)
})

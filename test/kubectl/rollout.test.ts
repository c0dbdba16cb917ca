import { beforeEach, describe, expect, test } from 'vitest'
import {
  ControllerRevisions,
  DaemonSets,
  Deployments,
  Pods,
  ReplicaSets,
  StatefulSets,
} from '../../src/api/index.ts'
import { TestCluster } from './cluster.ts'

const LABELS = { app: 'web' }

function template(image: string, labels = {}) {
  return { metadata: { labels: { ...LABELS, ...labels } }, spec: { containers: [{ name: 'nginx', image }] } }
}

function workload(replicas?: number) {
  return {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      ...(replicas !== undefined && { replicas }),
      selector: { matchLabels: LABELS },
      template: template('nginx:1.25'),
    },
  }
}

let cluster: TestCluster

beforeEach(() => {
  cluster = new TestCluster()
})

function expectAll(table: readonly (readonly [line: string, printed: string])[]): void {
  for (const [line, printed] of table) expect([line, cluster.text(line)]).toEqual([line, printed])
}

describe('wait', () => {
  beforeEach(() => {
    cluster.create(Pods, {
      metadata: { name: 'web', namespace: 'default', labels: LABELS },
      spec: { containers: [{ name: 'web', image: 'nginx' }] },
    })
  })

  test('ends when the condition is met', () => {
    const running = cluster.start('wait pod/web --for=condition=Ready')
    cluster.sim.advance(5000)
    expect(running.result).toBeUndefined()
    cluster.setStatus(Pods, 'default', 'web', { conditions: [{ type: 'Ready', status: 'True' }] })
    cluster.sim.advance(100)
    expect(running.result).toEqual({ stdout: 'pod/web condition met\n', stderr: '', exitCode: 0 })
    expectAll([
      ['wait pods --all --for=condition=ready=true', 'pod/web condition met\n'],
      [
        'wait pods -l app=web --for condition=Ready=False --timeout=0',
        'error: condition not met for pods/web\n',
      ],
      ["wait pod/web --for=jsonpath='{.metadata.name}'=web", 'pod/web condition met\n'],
      ['wait pod/web --for=jsonpath={.metadata.labels}', 'pod/web condition met\n'],
    ])
  })

  test('gives up after its timeout', () => {
    const startMs = cluster.sim.now
    expectAll([
      [
        'wait pod/web --for=condition=Ready --timeout=10s',
        'error: timed out waiting for the condition on pods/web\n',
      ],
    ])
    expect(cluster.sim.now - startMs).toBeGreaterThanOrEqual(10_000)
    expect(cluster.sim.now - startMs).toBeLessThan(10_100)
    expectAll([
      ['wait pod/nope --for=create --timeout=2s', 'error: timed out waiting for the condition\n'],
      ['wait pod -l a=b --for=condition=Ready', 'error: no matching resources found\n'],
      ['wait pod/nope --for=condition=Ready', 'Error from server (NotFound): pods "nope" not found\n'],
      ['wait pod/web --for=nothing', 'error: unrecognized condition: "nothing"\n'],
    ])
  })

  test('sees objects come and go', () => {
    const created = cluster.start('wait deploy/web --for=create')
    cluster.sim.advance(1000)
    cluster.create(Deployments, workload(1))
    cluster.sim.advance(1000)
    expect(created.result?.stdout).toBe('deployment.apps/web condition met\n')
    const deleted = cluster.start('wait pod/web --for=delete')
    cluster.sim.advance(1000)
    cluster.delete(Pods, 'default', 'web')
    cluster.sim.advance(1000)
    expect(deleted.result?.stdout).toBe('pod/web condition met\n')
    expectAll([['wait pod/web --for=delete', '']])
  })
})

describe('rollout status', () => {
  test('tells every step of a Deployment', () => {
    cluster.create(Deployments, workload(3))
    const running = cluster.start('rollout status deployment/web')
    for (const status of [
      { observedGeneration: 1, replicas: 1, updatedReplicas: 1 },
      { observedGeneration: 1, replicas: 4, updatedReplicas: 3 },
      { observedGeneration: 1, replicas: 3, readyReplicas: 3, updatedReplicas: 3, availableReplicas: 2 },
      { observedGeneration: 1, replicas: 3, readyReplicas: 3, updatedReplicas: 3, availableReplicas: 3 },
    ]) {
      cluster.sim.advance(100)
      cluster.setStatus(Deployments, 'default', 'web', status)
    }
    cluster.sim.advance(100)
    expect(running.result).toEqual({
      stdout: `Waiting for deployment spec update to be observed...
Waiting for deployment "web" rollout to finish: 1 out of 3 new replicas have been updated...
Waiting for deployment "web" rollout to finish: 1 old replicas are pending termination...
Waiting for deployment "web" rollout to finish: 2 of 3 updated replicas are available...
deployment "web" successfully rolled out
`,
      stderr: '',
      exitCode: 0,
    })
  })

  test('fails when the deadline is over, or the timeout', () => {
    cluster.create(Deployments, workload(3))
    expectAll([
      [
        'rollout status deployment/web --timeout=5s',
        'Waiting for deployment spec update to be observed...\nerror: timed out waiting for the condition\n',
      ],
    ])
    cluster.setStatus(Deployments, 'default', 'web', {
      observedGeneration: 1,
      conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }],
    })
    expectAll([
      ['rollout status deployment', 'error: deployment "web" exceeded its progress deadline\n'],
      [
        'rollout status deployment/web --revision=7',
        'error: desired revision (7) is different from the running revision (0)\n',
      ],
      ['rollout status', 'error: required resource not specified\n'],
    ])
  })

  test('knows DaemonSets and StatefulSets', () => {
    cluster.create(DaemonSets, {
      ...workload(),
      status: {
        observedGeneration: 1,
        desiredNumberScheduled: 3,
        updatedNumberScheduled: 3,
        numberAvailable: 2,
      },
    })
    cluster.create(StatefulSets, {
      ...workload(3),
      status: { observedGeneration: 1, replicas: 3, readyReplicas: 1, updatedReplicas: 3 },
    })
    expectAll([
      [
        'rollout status ds web --watch=false',
        'Waiting for daemon set "web" rollout to finish: 2 of 3 updated pods are available...\n',
      ],
      ['rollout status sts web --watch=false', 'Waiting for 2 pods to be ready...\n'],
    ])
    cluster.setStatus(StatefulSets, 'default', 'web', { readyReplicas: 3 })
    expectAll([
      ['rollout status sts web', 'partitioned roll out complete: 3 new pods have been updated...\n'],
    ])
  })
})

describe('the history', () => {
  beforeEach(() => {
    const { metadata, ...rest } = workload(1)
    const deployment = cluster.create(Deployments, {
      metadata: { ...metadata, annotations: { 'deployment.kubernetes.io/revision': '2' } },
      ...rest,
    })
    for (const [revision, image, cause] of [
      ['1', 'nginx:1.24', 'the first'],
      ['2', 'nginx:1.25', ''],
    ] as const) {
      cluster.create(ReplicaSets, {
        metadata: {
          name: `web-${revision}`,
          namespace: 'default',
          labels: { ...LABELS, 'pod-template-hash': revision },
          annotations: {
            'deployment.kubernetes.io/revision': revision,
            ...(cause && { 'kubernetes.io/change-cause': cause }),
          },
          ownerReferences: [
            {
              apiVersion: 'apps/v1',
              kind: 'Deployment',
              name: 'web',
              uid: deployment.metadata.uid,
              controller: true,
            },
          ],
        },
        spec: {
          selector: { matchLabels: { ...LABELS, 'pod-template-hash': revision } },
          template: template(image, { 'pod-template-hash': revision }),
        },
      })
    }
  })

  test('of a Deployment is that of its ReplicaSets', () => {
    expectAll([
      [
        'rollout history deployment/web',
        'deployment.apps/web \nREVISION  CHANGE-CAUSE\n1         the first\n2         <none>\n\n',
      ],
      [
        'rollout history deployment/web --revision=2',
        `deployment.apps/web with revision #2
Pod Template:
  Labels:\tapp=web
\tpod-template-hash=2
  Containers:
   nginx:
    Image:\tnginx:1.25
    Port:\t<none>
    Host Port:\t<none>
    Environment:\t<none>
    Mounts:\t<none>
  Volumes:\t<none>
  Node-Selectors:\t<none>
  Tolerations:\t<none>

`,
      ],
      ['rollout history deploy/web --revision=5', 'error: unable to find the specified revision\n'],
    ])
  })

  test('can be gone back in', () => {
    expectAll([
      [
        'rollout undo deployment/web --to-revision=2',
        'deployment.apps/web skipped rollback (current template already matches revision 2)\n',
      ],
      ['rollout undo deployment/web', 'deployment.apps/web rolled back\n'],
      ['get deploy web -o jsonpath={..image}', 'nginx:1.24'],
      [
        'get deploy web -o jsonpath={.metadata.annotations}',
        '{"deployment.kubernetes.io/revision":"2","kubernetes.io/change-cause":"the first"}',
      ],
      ['rollout undo deploy/web --to-revision=9', 'error: unable to find specified revision 9 in history\n'],
      ['rollout undo pods', ''],
    ])
  })

  test('of a StatefulSet is that of its ControllerRevisions', () => {
    const { metadata } = cluster.create(StatefulSets, workload(1))
    const ownerReferences = [
      { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', uid: metadata.uid, controller: true },
    ]
    for (const [revision, image] of [
      [1, 'nginx:1.24'],
      [2, 'nginx:1.25'],
    ] as const) {
      cluster.create(ControllerRevisions, {
        metadata: { name: `web-${revision}`, namespace: 'default', labels: LABELS, ownerReferences },
        data: { spec: { template: { ...template(image), $patch: 'replace' } } },
        revision,
      })
    }
    expectAll([
      [
        'rollout history sts web',
        'statefulset.apps/web \nREVISION  CHANGE-CAUSE\n1         <none>\n2         <none>\n\n',
      ],
      ['rollout undo sts web', 'statefulset.apps/web rolled back\n'],
      ['get sts web -o jsonpath={..image}', 'nginx:1.24'],
    ])
  })
})

test('restart, pause and resume', () => {
  cluster.create(Deployments, workload(1))
  expectAll([
    ['rollout restart deployment/web', 'deployment.apps/web restarted\n'],
    ['rollout pause deployment/web', 'deployment.apps/web paused\n'],
    ['rollout pause deployment/web', 'error: deployments.apps "web" is already paused\n'],
    [
      'rollout restart deployment/web',
      `error: deployments.apps "web" can't restart paused deployment (run rollout resume first)\n`,
    ],
    ['rollout resume deployment/web', 'deployment.apps/web resumed\n'],
    ['rollout resume deployment/web', 'error: deployments.apps "web" is not paused\n'],
    ['rollout restart pods', 'No resources found in default namespace.\n'],
    [
      'get deploy web -o jsonpath={.spec.template.metadata.annotations}',
      '{"kubectl.kubernetes.io/restartedAt":"2026-01-01T00:00:00Z"}',
    ],
  ])
})

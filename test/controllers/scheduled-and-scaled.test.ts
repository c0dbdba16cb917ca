/** CronJobs, ReplicationControllers and HorizontalPodAutoscalers in a whole cluster. */
import { describe, expect, test } from 'vitest'
import { Cluster } from '../../src/cluster/index.ts'

test('a CronJob runs its Jobs to their end, and keeps three', () => {
  const cluster = Cluster.create({ nodes: 1 })
  cluster.apply(`
apiVersion: batch/v1
kind: CronJob
metadata: { name: tick }
spec:
  schedule: "* * * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{ name: c, image: busybox, command: [echo, hello] }]
`)
  cluster.advance('6m')
  const jobs = cluster.list('jobs')
  expect(jobs.map(({ status }) => status.succeeded)).toEqual([1, 1, 1])
  const { status } = cluster.get('cronjob', 'tick')!
  expect(status.active).toBeUndefined()
  expect(status.lastScheduleTime).toMatch(/:00Z$/)
  expect(cluster.kubectl('describe cronjob tick').exitCode).toBe(0)
  expect(cluster.kubectl(`logs job/${jobs[0]!.metadata.name}`).stdout).toBe('hello\n')
  expect(cluster.kubectl('get events').stdout).toMatch(
    /SawCompletedJob +cronjob\/tick +Saw completed job: tick-\d+, condition: Complete/,
  )
})

test('a ReplicationController replaces a pod that went', () => {
  const cluster = Cluster.create({ nodes: 2 })
  cluster.apply(`
apiVersion: v1
kind: ReplicationController
metadata: { name: web }
spec:
  replicas: 2
  selector: { app: web }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: nginx, image: nginx }] }
`)
  const isReady = () => cluster.get('replicationcontroller', 'web')!.status.readyReplicas === 2
  expect(cluster.runUntil(isReady, { within: '1m' })).toBe(true)
  const [pod] = cluster.list('pods')
  cluster.kubectl(`delete pod ${pod!.metadata.name}`)
  expect(cluster.runUntil(isReady, { within: '1m' })).toBe(true)
  expect(cluster.kubectl('get rc web --no-headers').stdout).toMatch(/^web +2 +2 +2 /)
})

describe('a HorizontalPodAutoscaler', () => {
  const web = (request: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 1
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: nginx, image: nginx, resources: { requests: { cpu: ${request} } } }] }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  minReplicas: 1
  maxReplicas: 3
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 50 } } }]
`

  test('scales up what is busy, and down what is not', () => {
    const cluster = Cluster.create({ nodes: 2 })
    cluster.apply(web('1m'))
    cluster.advance('3m')
    expect(cluster.get('deployment', 'web')!.spec.replicas).toBe(3)
    const types = cluster
      .get('horizontalpodautoscaler', 'web')!
      .status.conditions!.map(({ type, status }) => `${type}=${status}`)
    expect(types).toEqual(['AbleToScale=True', 'ScalingActive=True', 'ScalingLimited=True'])
    expect(cluster.kubectl('get events').stdout).toContain(
      'New size: 3; reason: cpu resource utilization (percentage of request) above target',
    )
    cluster.apply(web('1').replace('  replicas: 1\n', ''))
    cluster.advance('10m')
    expect(cluster.get('deployment', 'web')!.spec.replicas).toBe(1)
    expect(cluster.kubectl('get events').stdout).toContain('New size: 1; reason: All metrics below target')
  })

  test('takes nothing away in the first five minutes in which it sees a workload', () => {
    const cluster = Cluster.create({ nodes: 2 })
    cluster.apply(web('1').replace('replicas: 1', 'replicas: 3'))
    cluster.advance('4m')
    expect(cluster.get('deployment', 'web')!.spec.replicas).toBe(3)
    expect(cluster.kubectl('describe hpa web').stdout).toContain('ScaleDownStabilized')
    cluster.advance('2m')
    expect(cluster.get('deployment', 'web')!.spec.replicas).toBe(1)
  })

  test('says what it cannot find', () => {
    const cluster = Cluster.create({ nodes: 1 })
    cluster.apply(web('1m'))
    cluster.kubectl('delete deployment web')
    cluster.advance('1m')
    expect(cluster.get('horizontalpodautoscaler', 'web')!.status.conditions![0]).toMatchObject({
      type: 'AbleToScale',
      status: 'False',
      reason: 'FailedGetScale',
      message: `the HPA controller was unable to get the target's current scale: deployments.apps "web" not found`,
    })
  })
})

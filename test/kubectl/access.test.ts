import { beforeEach, expect, test } from 'vitest'
import { Deployments, HorizontalPodAutoscalers } from '../../src/api/index.ts'
import { TestCluster } from './cluster.ts'

let cluster: TestCluster

beforeEach(() => {
  cluster = new TestCluster()
})

test('auth can-i answers for resources and paths, and warns of what it does not know', () => {
  expect(cluster.run('auth can-i list pods')).toEqual({ stdout: 'yes\n', stderr: '', exitCode: 0 })
  expect(cluster.text('auth can-i get /healthz')).toBe('yes\n')
  expect(cluster.text('auth can-i -q get deployments.apps/web')).toBe('')
  expect(cluster.run('auth can-i get nodes')).toEqual({
    stdout: 'yes\n',
    stderr: "Warning: resource 'nodes' is not namespace scoped\n\n",
    exitCode: 0,
  })
  expect(cluster.run('auth can-i squeeze lemons').stderr).toBe(
    "Warning: the server doesn't have a resource type 'lemons'\n\nWarning: verb 'squeeze' is not a known verb\n\n",
  )
})

test('auth whoami tells who the connection is', () => {
  expect(cluster.text('auth whoami')).toMatch(
    /^ATTRIBUTE +VALUE\nUsername +kubernetes-admin\nGroups +\[system:masters.*\]\n$/,
  )
})

test('autoscale makes an autoscaler for what can be scaled', () => {
  const template = {
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ name: 'nginx', image: 'nginx:1.27' }] },
  }
  cluster.create(Deployments, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { matchLabels: { app: 'web' } }, template },
  })
  expect(cluster.text('autoscale deployment web --min=2 --max=5 --cpu-percent=80')).toBe(
    'horizontalpodautoscaler.autoscaling/web autoscaled\n',
  )
  expect(cluster.get(HorizontalPodAutoscalers, 'default', 'web')).toMatchObject({
    spec: {
      minReplicas: 2,
      maxReplicas: 5,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      metrics: [{ resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }],
    },
  })
  expect(cluster.text('autoscale deployment web')).toBe('error: required flag(s) "max" not set\n')
  expect(cluster.text('autoscale deployment web --max=2 --min=3')).toBe(
    'error: --max=MAXPODS must be larger or equal to --min=MINPODS, max: 2, min: 3\n',
  )
  expect(cluster.text('autoscale serviceaccount default --max=2')).toContain(
    'cannot autoscale a ServiceAccount',
  )
})

test('apply --server-side leaves fields to their managers until it is told to take them', () => {
  const files = (value: string) => ({
    'cm.yaml': `{apiVersion: v1, kind: ConfigMap, metadata: {name: ours}, data: {a: '${value}'}}`,
  })
  expect(cluster.text('apply --server-side -f cm.yaml', files('1'))).toBe(
    'configmap/ours serverside-applied\n',
  )
  const refused = cluster.run('apply --server-side --field-manager=other -f cm.yaml', files('2'))
  expect(refused.exitCode).toBe(1)
  expect(refused.stderr).toMatch(
    /^error: Apply failed with 1 conflict: conflict with "kubectl": \.data\.a\nPlease review the fields above/,
  )
  const forced = 'apply --server-side --field-manager=other --force-conflicts -f cm.yaml'
  expect(cluster.text(forced, files('2'))).toBe('configmap/ours serverside-applied\n')
  expect(cluster.text('get cm ours -o jsonpath={.data.a}')).toBe('2')
  expect(cluster.text(`${forced} --dry-run=server`, files('3'))).toBe(
    'configmap/ours serverside-applied (server dry run)\n',
  )
  expect(cluster.text('apply --force-conflicts -f cm.yaml', files('1'))).toBe(
    'error: --force-conflicts only works with --server-side\n',
  )
})

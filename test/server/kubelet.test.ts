/** `nodes/proxy`: the kubelets of a served cluster, reached by the real kubectl through the API server. */
import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Cluster } from '../../src/cluster/index.ts'
import { type ServedCluster, serve } from '../../src/server/index.ts'

const WEB = `
apiVersion: v1
kind: Pod
metadata: { name: done }
spec: { nodeName: node-2, restartPolicy: Never, containers: [{ name: main, image: busybox, command: ['true'] }] }
---
apiVersion: v1
kind: Pod
metadata: { name: web }
spec: { nodeName: node-1, containers: [{ name: nginx, image: nginx }] }
`

describe('a kubelet behind nodes/proxy', () => {
  const cluster = Cluster.create({ nodes: 2, authorization: 'RBAC' })
  const folder = mkdtempSync(join(tmpdir(), 'kubarium-kubelet-'))
  const bugs: unknown[] = []
  let served: ServedCluster

  beforeAll(async () => {
    cluster.apply(WEB)
    cluster.kubectl('wait pod/web --for=condition=Ready --timeout=60s')
    cluster.request('web', 'http://localhost/')
    cluster.advance('1m')
    const failed = (error: unknown) => bugs.push(error)
    served = await serve({ cluster, port: 0, bind: '127.0.0.1', speed: 1, failed })
    writeFileSync(join(folder, 'config'), served.kubeconfig, { mode: 0o600 })
  })
  afterAll(async () => {
    await served.close()
    expect(bugs).toEqual([])
  })

  function raw(path: string, ...more: string[]): Promise<{ code: number; out: string; err: string }> {
    return new Promise(resolve => {
      const words = [`--kubeconfig=${join(folder, 'config')}`, 'get', '--raw', path, ...more]
      execFile('kubectl', words, (error, out, err) => resolve({ code: error ? 1 : 0, out, err }))
    })
  }
  const of = (node: string, path: string) => raw(`/api/v1/nodes/${node}/proxy/${path}`)

  test('is healthy, shows its pods and its configuration, and leaves no trace', async () => {
    const { inputs } = cluster.recording
    expect((await of('node-1', 'healthz')).out).toBe('ok')
    expect((await of('node-1:10250', 'healthz')).out).toBe('ok')
    const pods = JSON.parse((await of('node-1', 'pods')).out)
    expect(pods).toMatchObject({ kind: 'PodList', items: [{ metadata: { name: 'web' } }] })
    expect(JSON.parse((await of('node-2', 'pods')).out).items).toMatchObject([{ metadata: { name: 'done' } }])
    expect(JSON.parse((await of('node-1', 'configz')).out)).toMatchObject({
      kubeletconfig: { maxPods: 110, clusterDomain: 'cluster.local' },
    })
    expect(cluster.recording.inputs).toHaveLength(inputs.length)
  })

  test('counts what runs', async () => {
    const { node, pods } = JSON.parse((await of('node-1', 'stats/summary')).out)
    expect(node).toMatchObject({ nodeName: 'node-1', startTime: expect.stringMatching(/Z$/) })
    expect(node.memory.usageBytes + node.memory.availableBytes).toBeGreaterThan(node.memory.usageBytes)
    expect(pods).toMatchObject([
      { podRef: { name: 'web', namespace: 'default' }, containers: [{ name: 'nginx' }] },
    ])
    expect(pods[0].cpu.usageCoreNanoSeconds).toBeGreaterThan(0)
    expect(pods[0].memory).toEqual(pods[0].containers[0].memory)
    const { out } = await of('node-1', 'metrics/resource')
    const labels = 'container="nginx",namespace="default",pod="web"'
    expect(out).toMatch(new RegExp(`^container_memory_working_set_bytes{${labels}} \\d+ \\d{13}$`, 'm'))
    expect(out).toContain('# TYPE pod_cpu_usage_seconds_total counter\n')
    expect(out).toContain('resource_scrape_error 0\n')
    expect((await of('node-1', 'metrics')).out).toContain('kubelet_running_pods 1\n')
  })

  test('shows logs of its own pods only, and what is nowhere nowhere', async () => {
    expect((await of('node-1', 'containerLogs/default/web/nginx')).out).toContain('"GET / HTTP/1.1" 200')
    expect((await of('node-2', 'containerLogs/default/web/nginx')).err).toContain('(NotFound)')
    expect((await of('node-1', 'nothing')).err).toContain('(NotFound)')
    expect((await of('node-1', 'logs/')).out).toContain('<a href="pods/">pods/</a>')
    expect((await of('node-9', 'healthz')).err).toContain('nodes "node-9" not found')
  })

  test('is asked by those who may', async () => {
    const { err } = await raw('/api/v1/nodes/node-1/proxy/pods', '--as=somebody')
    expect(err).toContain(
      'User "somebody" cannot get resource "nodes/proxy" in API group "" at the cluster scope',
    )
  })

  test('has pods that are over, which no proxy reaches', async () => {
    const { err } = await raw('/api/v1/namespaces/default/pods/done:80/proxy/')
    expect(err).toContain('error trying to reach service: dial tcp')
  })

  test('may be down, and other ports of its node unheard', async () => {
    expect((await of('node-2:9999', '')).err).toContain(
      'dial tcp 192.168.1.2:9999: connect: connection refused',
    )
    served.gateway.enter({ do: 'crash', target: 'node-2' }, {})
    expect((await of('node-2', 'healthz')).err).toContain(
      'error trying to reach service: dial tcp 192.168.1.2:10250: connect: no route to host',
    )
  })
})

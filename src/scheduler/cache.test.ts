import { describe, expect, test } from 'vitest'
import { Cache } from './cache.ts'
import { newPodInfo } from './node-info.ts'
import { requestsOf } from './requests.ts'
import { cacheOf, node, pod, requesting } from './test-objects.ts'

const web = pod('web', requesting({ cpu: '1', memory: '1Gi' }))
const on = (name: string) => pod('web', { ...web.spec, nodeName: name })

describe('a pod that is assumed', () => {
  test('counts at once', () => {
    const cache = cacheOf([node('a')])
    cache.assume(newPodInfo(web), 'a')
    expect(cache.isAssumed('uid-web')).toBe(true)
    expect(cache.get('a')).toMatchObject({ requestedMilliCpu: 1000, requestedMemoryBytes: 2 ** 30 })
  })

  test('is confirmed by the watch without being counted twice', () => {
    const cache = cacheOf([node('a')])
    cache.assume(newPodInfo(web), 'a')
    const { generation } = cache
    cache.addPod(on('a'))
    expect(cache.isAssumed('uid-web')).toBe(false)
    expect(cache.get('a')).toMatchObject({ requestedMilliCpu: 1000 })
    expect(cache.generation).toBe(generation)
    expect(cache.get('a')?.pods[0]?.pod.spec.nodeName).toBe('a')
  })

  test('is moved when it turns out to be elsewhere', () => {
    const cache = cacheOf([node('a'), node('b')])
    cache.assume(newPodInfo(web), 'a')
    cache.addPod(on('b'))
    expect(cache.get('a')?.pods).toHaveLength(0)
    expect(cache.get('b')?.pods).toHaveLength(1)
  })

  test('is forgotten when its binding fails, but not once it is confirmed', () => {
    const cache = cacheOf([node('a')])
    cache.assume(newPodInfo(web), 'a')
    expect(cache.forget('uid-web')).toBe(true)
    expect(cache.get('a')).toMatchObject({ requestedMilliCpu: 0, pods: [] })
    cache.addPod(on('a'))
    expect(cache.forget('uid-web')).toBe(false)
    expect(cache.podCount).toBe(1)
  })

  test('expires when its binding was never confirmed', () => {
    const cache = cacheOf([node('a')])
    cache.assume(newPodInfo(web), 'a')
    expect(cache.expire(1e9)).toEqual([])
    cache.finishBinding('uid-web', 1000)
    expect(cache.expire(999)).toEqual([])
    expect(cache.expire(1000)).toEqual(['default/web'])
    expect(cache.assumedCount).toBe(0)
  })

  test('is gone when the pod is deleted meanwhile', () => {
    const cache = cacheOf([node('a')])
    cache.assume(newPodInfo(web), 'a')
    cache.removePod(on('a'))
    expect(cache.get('a')?.pods).toHaveLength(0)
    expect(cache.forget('uid-web')).toBe(false)
  })
})

describe('nodes', () => {
  test('pods may be known before their node, and outlive it', () => {
    const cache = new Cache()
    cache.addPod(on('a'))
    expect(cache.nodes).toHaveLength(0)
    cache.addNode(node('a'))
    expect(cache.get('a')?.requestedMilliCpu).toBe(1000)
    cache.removeNode('a')
    expect(cache.get('a')).toBeUndefined()
    cache.addNode(node('a'))
    expect(cache.get('a')?.requestedMilliCpu).toBe(1000)
    cache.removeNode('a')
    cache.removePod(on('a'))
    expect([...cache.allNodes()]).toHaveLength(0)
  })

  test('the order is made anew only when nodes come or go', () => {
    const cache = cacheOf([node('a'), node('b')])
    const order = cache.nodes
    cache.addPod(on('a'))
    cache.updateNode(node('a', { labels: { x: 'y' } }))
    expect(cache.nodes).toBe(order)
    cache.removeNode('a')
    expect(cache.nodes.map(({ name }) => name)).toEqual(['b'])
  })

  test('a heartbeat changes no generation, a cordon does', () => {
    const cache = cacheOf([node('a')])
    const { generation } = cache
    cache.updateNode({ ...node('a'), status: { ...node('a').status, conditions: [] } })
    expect(cache.generation).toBe(generation)
    cache.updateNode(node('a', { spec: { unschedulable: true } }))
    expect(cache.generation).toBeGreaterThan(generation)
    expect(cache.get('a')?.isUnschedulable).toBe(true)
  })

  test('a status update of a pod changes no generation', () => {
    const cache = cacheOf([node('a')], [on('a')])
    const { generation } = cache
    cache.updatePod({ ...on('a'), status: { phase: 'Running' } })
    expect(cache.generation).toBe(generation)
  })
})

describe('what a pod requests', () => {
  const amounts = (cpu: string) => ({ resources: { requests: { cpu } } })
  test('the sum of its containers, or its greatest init container, beside its sidecars, and its overhead', () => {
    const spec = {
      containers: [
        { name: 'a', ...amounts('1') },
        { name: 'b', ...amounts('500m') },
      ],
      initContainers: [
        { name: 'sidecar', restartPolicy: 'Always', ...amounts('250m') },
        { name: 'init', ...amounts('3') },
      ],
      overhead: { cpu: '10m' },
    }
    expect(requestsOf(spec).milliCpu).toBe(3260)
    expect(requestsOf({ ...spec, initContainers: spec.initContainers.slice(0, 1) }).milliCpu).toBe(1760)
  })

  test('shared frozen containers are worked out once', () => {
    expect(requestsOf(web.spec)).toBe(requestsOf({ ...web.spec, nodeName: 'a' }))
    expect(requestsOf(web.spec)).not.toBe(requestsOf({ ...web.spec, overhead: { cpu: '1' } }))
  })
})

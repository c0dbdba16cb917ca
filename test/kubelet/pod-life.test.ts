import { describe, expect, test } from 'vitest'
import { type Lease, Leases } from '../../src/api/index.ts'
import { conditions, World } from './world.ts'

const nginx = { name: 'web', image: 'nginx:1.27', ports: [{ containerPort: 80 }] }

describe('a node', () => {
  test('registers, becomes ready with its network, and renews its lease', () => {
    const world = new World({ isCniLate: true })
    world.sim.advance(500)
    const ready = () => world.node().status.conditions!.find(({ type }) => type === 'Ready')!
    expect(ready()).toMatchObject({ status: 'False', reason: 'KubeletNotReady' })
    expect(ready().message).toBe(
      'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
    )
    world.cni.become(undefined)
    world.sim.advance(500)
    expect(ready()).toMatchObject({
      status: 'True',
      reason: 'KubeletReady',
      message: 'kubelet is posting ready status',
    })
    const { status, metadata } = world.node()
    expect(metadata.labels).toMatchObject({ 'kubernetes.io/hostname': 'node-1', 'kubernetes.io/os': 'linux' })
    expect(status.nodeInfo).toMatchObject({
      kubeletVersion: 'v1.33.0',
      containerRuntimeVersion: 'containerd://1.7.27',
    })
    expect(status.capacity).toMatchObject({ cpu: '4', memory: '8388608Ki', pods: '110' })
    expect(status.allocatable).toMatchObject({ cpu: '4', memory: '8286208Ki', pods: '110' })
    const lease = () => world.must<Lease>('get', Leases, 'kube-node-lease', 'node-1')
    const before = lease()
    expect(before.spec).toMatchObject({ holderIdentity: 'node-1', leaseDurationSeconds: 40 })
    expect(before.metadata.ownerReferences).toMatchObject([
      { kind: 'Node', name: 'node-1', uid: metadata.uid },
    ])
    world.sim.advance(10_500)
    expect(Date.parse(lease().spec.renewTime!) - Date.parse(before.spec.renewTime!)).toBeGreaterThanOrEqual(
      10_000,
    )
    expect(world.events('node-1')).toEqual([
      'Normal Starting: Starting kubelet.',
      'Normal NodeHasSufficientMemory: Node node-1 status is now: NodeHasSufficientMemory',
      'Normal NodeHasNoDiskPressure: Node node-1 status is now: NodeHasNoDiskPressure',
      'Normal NodeHasSufficientPID: Node node-1 status is now: NodeHasSufficientPID',
      'Normal NodeAllocatableEnforced: Updated Node Allocatable limit across pods',
      'Normal NodeReady: Node node-1 status is now: NodeReady',
    ])
  })

  test('asks little of the API server when nothing happens', () => {
    const world = new World()
    world.sim.advance(20_000)
    const requests = world.wire.requestsOf('node-1')
    const events = world.sim.events
    world.sim.advance(3_600_000)
    // A renewal every ten seconds, a report every five minutes.
    expect(world.wire.requestsOf('node-1') - requests).toBeLessThan(380)
    expect(world.sim.events - events).toBeLessThan(380 * 12)
  })
})

describe('a pod', () => {
  test('runs, tells, and goes when it is deleted', () => {
    const world = new World()
    world.sim.advance(1_000)
    world.pod('web', { containers: [nginx] })
    const pod = world.untilReady('web')
    expect(pod.status).toMatchObject({
      phase: 'Running',
      podIP: '10.244.0.2',
      podIPs: [{ ip: '10.244.0.2' }],
      hostIP: '192.168.1.11',
      qosClass: 'BestEffort',
    })
    expect(conditions(pod)).toBe(
      'PodReadyToStartContainers=True Initialized=True Ready=True ContainersReady=True PodScheduled=True',
    )
    const [container] = pod.status.containerStatuses!
    expect(container).toMatchObject({ name: 'web', ready: true, started: true, restartCount: 0 })
    expect(container!.image).toBe('docker.io/library/nginx:1.27')
    expect(container!.imageID).toMatch(/^docker\.io\/library\/nginx@sha256:[0-9a-f]{64}$/)
    expect(container!.containerID).toMatch(/^containerd:\/\/[0-9a-f]{64}$/)
    expect(world.runtime.sandboxes(pod.metadata.uid)[0]!.network.ports).toEqual([80])
    world.delete('web')
    world.until('web', found => found === undefined)
    expect(world.events('web')).toEqual([
      'Normal Pulling: Pulling image "nginx:1.27"',
      'Normal Pulled: Successfully pulled image "nginx:1.27" in 980ms (980ms including waiting). Image size: 72404038 bytes.',
      'Normal Created: Created container: web',
      'Normal Started: Started container web',
      'Normal Killing: Stopping container web',
    ])
    expect(world.cni.deleted).toHaveLength(1)
    expect(world.runtime.podUids()).toEqual([])
    expect(world.kubelet.podCount).toBe(0)
  })

  test('costs the API server at most ten requests of the kubelet in all its life', () => {
    const world = new World()
    world.sim.advance(1_000)
    world.pod('first', { containers: [nginx] })
    world.untilReady('first')
    const before = world.wire.requestsOf('node-1')
    const startMs = world.sim.now
    for (let i = 0; i < 20; i++) world.pod(`web-${i}`, { containers: [nginx] })
    for (let i = 0; i < 20; i++) world.untilReady(`web-${i}`)
    for (let i = 0; i < 20; i++) world.delete(`web-${i}`)
    for (let i = 0; i < 20; i++) world.until(`web-${i}`, pod => pod === undefined)
    const heartbeats = Math.ceil((world.sim.now - startMs) / 10_000) + 4
    expect((world.wire.requestsOf('node-1') - before - heartbeats) / 20).toBeLessThan(9)
  })

  test('that is never started is deleted all the same', () => {
    const world = new World()
    world.sim.advance(1_000)
    world.pod('web', { containers: [{ name: 'x', image: 'nowhere.example/missing:1' }] })
    world.until('web', pod => pod?.status.containerStatuses?.[0]?.state?.waiting?.reason === 'ErrImagePull')
    world.delete('web')
    world.until('web', pod => pod === undefined, 5_000)
  })

  test('shares its network namespace: the second container on a port crashes', () => {
    const world = new World()
    world.sim.advance(1_000)
    world.pod('web', { containers: [nginx, { ...nginx, name: 'twin' }] })
    const pod = world.until('web', found => found?.status.containerStatuses?.[1]?.restartCount === 1)!
    expect(world.logs(pod, 'twin')).toContain(
      'nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)',
    )
    expect(pod.status.containerStatuses![1]!.lastState?.terminated).toMatchObject({
      exitCode: 1,
      reason: 'Error',
    })
  })
})

import { describe, expect, test } from 'vitest'
import { Pods } from '../../src/api/index.ts'
import { conditions, World } from './world.ts'

const nginx = { name: 'web', image: 'nginx:1.27' }

function withPod(): World {
  const world = new World()
  world.sim.advance(1_000)
  world.pod('web', { containers: [nginx] })
  world.untilReady('web')
  return world
}

describe('a kubelet that crashes', () => {
  test('leaves its containers running, and its successor adopts them', () => {
    const world = withPod()
    const before = world.get('web')!
    world.crashKubelet()
    world.sim.advance(60_000)
    expect(world.runtime.containers(before.metadata.uid)[0]!.state).toBe('running')
    world.startKubelet()
    world.sim.advance(5_000)
    const after = world.get('web')!
    expect(after.status.containerStatuses).toEqual(before.status.containerStatuses)
    expect(after.status.conditions).toEqual(before.status.conditions)
    world.delete('web')
    world.until('web', pod => pod === undefined, 5_000)
    expect(world.runtime.podUids()).toEqual([])
  })

  test('finds out what it missed: a container that died, a pod that was deleted', () => {
    const world = withPod()
    const pod = world.get('web')!
    world.pod('gone', { containers: [nginx] })
    const gone = world.untilReady('gone')
    world.crashKubelet()
    world.runtime.kill(world.runtime.containers(pod.metadata.uid)[0]!.id, 'OOMKilled')
    world.delete('gone', { gracePeriodSeconds: 0 })
    world.sim.advance(10_000)
    world.startKubelet()
    const restarted = world.until('web', found => found?.status.containerStatuses?.[0]?.restartCount === 1)!
    expect(restarted.status.containerStatuses![0]!.lastState!.terminated).toMatchObject({
      exitCode: 137,
      reason: 'OOMKilled',
    })
    expect(world.runtime.sandboxes(gone.metadata.uid)).toEqual([])
  })
})

test('a container that was ready stays ready under the next kubelet', () => {
  const world = new World()
  world.sim.advance(1_000)
  const probe = { httpGet: { path: '/', port: 80 }, periodSeconds: 10 }
  world.pod('web', { containers: [{ ...nginx, readinessProbe: probe, startupProbe: probe }] })
  world.untilReady('web')
  const before = world.get('web')!.metadata.resourceVersion
  world.crashKubelet()
  world.startKubelet()
  world.sim.advance(30_000)
  expect(world.get('web')!.metadata.resourceVersion).toBe(before)
})

test('what others say of its readiness while it runs is put right', () => {
  const world = withPod()
  const { name, namespace = '' } = world.get('web')!.metadata
  const body = { status: { conditions: [{ type: 'Ready', status: 'False' }] } }
  world.must('patch', Pods, namespace, name, {
    subresource: 'status',
    body,
    options: { patchType: 'strategic' },
  })
  world.sim.advance(100)
  expect(conditions(world.get('web'))).toContain(' Ready=True')
})

describe('a node that crashes', () => {
  test('kills all, and after it everything starts again in a new sandbox', () => {
    const world = withPod()
    const before = world.get('web')!
    const bootId = world.node().status.nodeInfo!.bootID
    world.crashMachine()
    world.sim.advance(20_000)
    world.boot()
    const after = world.until('web', pod => pod?.status.containerStatuses?.[0]?.restartCount === 1)!
    const [container] = after.status.containerStatuses!
    expect(container!.lastState!.terminated).toMatchObject({ exitCode: 255, reason: 'Unknown' })
    expect(after.status.podIP).not.toBe(before.status.podIP)
    expect(after.metadata.uid).toBe(before.metadata.uid)
    world.untilReady('web')
    expect(world.events('web')).toContain(
      'Normal SandboxChanged: Pod sandbox changed, it will be killed and re-created.',
    )
    expect(world.events('web')).toContain(
      'Normal Pulled: Container image "nginx:1.27" already present on machine',
    )
    world.sim.advance(2_000)
    const booted = world.node().status.nodeInfo!.bootID
    expect(booted).not.toBe(bootId)
    expect(world.events('node-1')).toContain(
      `Warning Rebooted: Node node-1 has been rebooted, boot id: ${booted}`,
    )
  })
})

test('the same seed makes the same history', () => {
  const hash = () => {
    const world = withPod()
    world.delete('web')
    world.sim.advance(60_000)
    return world.sim.trace.digest()
  }
  expect(hash()).toBe(hash())
})

import { describe, expect, test } from 'vitest'
import type { Pod } from '../../src/api/index.ts'
import { conditions, World } from './world.ts'

const shell = (script: string, more: object = {}) => ({
  name: 'main',
  image: 'busybox',
  command: ['sh', '-c', script],
  ...more,
})
const main = (pod: Pod | undefined) => pod?.status.containerStatuses?.[0]

function started(): World {
  const world = new World()
  world.sim.advance(1_000)
  return world
}

describe('restart policy', () => {
  test('Always: first at once, then after 10 s, 20 s, ... up to 300 s', () => {
    const world = started()
    const pod = world.pod('crash', { containers: [shell('echo bye; exit 3')] })
    world.until('crash', found => main(found)?.restartCount === 1, 3_000)
    const starts: number[] = []
    let last = -1
    const until = world.sim.now + 1_500_000
    while (world.sim.now < until) {
      world.sim.advance(500)
      const record = world.runtime.containers(pod.metadata.uid).at(-1)
      if (!record || record.config.restartCount === last) continue
      last = record.config.restartCount
      starts.push(Math.round(record.startedMs / 1000))
    }
    const gaps = starts.slice(1).map((second, i) => second - starts[i]!)
    const expected = [10, 20, 40, 80, 160, 300, 300, 300]
    // A restart is noticed by the relist, and pulls anew: up to two seconds more.
    expect(gaps.slice(0, expected.length).every((gap, i) => Math.abs(gap - expected[i]!) <= 2)).toBe(true)
    const status = main(world.get('crash'))!
    expect(status.state?.waiting?.reason).toBe('CrashLoopBackOff')
    expect(status.state?.waiting?.message).toBe(
      `back-off 5m0s restarting failed container=main pod=crash_default(${pod.metadata.uid})`,
    )
    expect(status.lastState?.terminated).toMatchObject({ exitCode: 3, reason: 'Error' })
    expect(world.get('crash')!.status.phase).toBe('Running')
    expect(
      world
        .events('crash')
        .some(event =>
          event.startsWith(
            `Warning BackOff: Back-off restarting failed container main in pod crash_default(${pod.metadata.uid})`,
          ),
        ),
    ).toBe(true)
  })

  const ENDS = [
    { policy: 'Never', exit: 0, phase: 'Succeeded', reason: 'PodCompleted', restarts: 0 },
    { policy: 'Never', exit: 1, phase: 'Failed', reason: 'PodFailed', restarts: 0 },
    { policy: 'OnFailure', exit: 0, phase: 'Succeeded', reason: 'PodCompleted', restarts: 0 },
  ] as const
  test.each(ENDS)('$policy and exit code $exit: $phase', ({ policy, exit, phase, reason, restarts }) => {
    const world = started()
    world.pod('job', { restartPolicy: policy, containers: [shell(`sleep 2; exit ${exit}`)] })
    const pod = world.until('job', found => found?.status.phase === phase)!
    expect(main(pod)).toMatchObject({ restartCount: restarts, ready: false, started: false })
    expect(main(pod)!.state!.terminated).toMatchObject({
      exitCode: exit,
      reason: exit === 0 ? 'Completed' : 'Error',
    })
    const isDone = exit === 0 ? '(PodCompleted)' : ''
    expect(conditions(pod)).toBe(
      `PodReadyToStartContainers=False Initialized=True${isDone} Ready=False(${reason}) ContainersReady=False(${reason}) PodScheduled=True`,
    )
    expect(world.runtime.sandboxes(pod.metadata.uid)[0]!.state).toBe('notReady')
    world.delete('job')
    world.until('job', found => found === undefined, 2_000)
  })

  test('OnFailure restarts what fails until it does not', () => {
    const world = started()
    world.pod('job', { restartPolicy: 'OnFailure', containers: [shell('exit 1')] })
    world.until('job', pod => (main(pod)?.restartCount ?? 0) >= 2)
    expect(world.get('job')!.status.phase).toBe('Running')
  })

  test('a deadline fails the pod and stops what runs', () => {
    const world = started()
    world.pod('late', {
      activeDeadlineSeconds: 5,
      terminationGracePeriodSeconds: 1,
      containers: [shell('sleep 1000')],
    })
    const pod = world.until('late', found => found?.status.phase === 'Failed')!
    expect(pod.status).toMatchObject({
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    })
    expect(main(pod)!.state!.terminated!.exitCode).toBe(137)
  })
})

describe('images', () => {
  test('one that does not exist: ErrImagePull, then ImagePullBackOff, ever longer', () => {
    const world = started()
    world.pod('bad', { containers: [{ name: 'main', image: 'nginx-typo:1' }] })
    const pulling = world.until('bad', pod => main(pod)?.state?.waiting?.reason === 'ErrImagePull')!
    const why =
      'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx-typo:1": failed to resolve reference "docker.io/library/nginx-typo:1": docker.io/library/nginx-typo:1: not found'
    // The name is no image of the catalogue.
    expect(main(pulling)!.state!.waiting!.message).toBe(why)
    expect(pulling.status.phase).toBe('Pending')
    const backedOff = world.until('bad', pod => main(pod)?.state?.waiting?.reason === 'ImagePullBackOff')!
    expect(main(backedOff)!.state!.waiting!.message).toBe(
      `Back-off pulling image "nginx-typo:1": ErrImagePull: ${why}`,
    )
    world.sim.advance(60_000)
    const events = world.events('bad')
    for (const expected of [
      'Normal Pulling: Pulling image "nginx-typo:1"',
      `Warning Failed: Failed to pull image "nginx-typo:1": ${why}`,
      'Warning Failed: Error: ErrImagePull',
      'Normal BackOff: Back-off pulling image "nginx-typo:1"',
      'Warning Failed: Error: ImagePullBackOff',
    ]) {
      expect(events.some(event => event.startsWith(expected))).toBe(true)
    }
  })

  test('one whose name is none: InvalidImageName', () => {
    const world = started()
    world.pod('bad', { containers: [{ name: 'main', image: 'Nginx:1' }] })
    const pod = world.until('bad', found => main(found)?.state?.waiting?.reason === 'InvalidImageName')
    const why =
      'Failed to apply default image tag "Nginx:1": couldn\'t parse image name "Nginx:1": invalid reference format: repository name (library/Nginx) must be lowercase'
    expect(main(pod)!.state!.waiting!.message).toBe(why)
    world.sim.advance(1_000)
    expect(world.events('bad')).toEqual([
      `Warning InspectFailed: ${why}`,
      'Warning Failed: Error: InvalidImageName',
    ])
  })

  test('may stand for a generic program where the cluster says so', () => {
    const world = new World({ isGenericAllowed: true })
    world.sim.advance(1_000)
    const pod = world.pod('app', {
      containers: [{ name: 'main', image: 'quay.io/acme/shop:2', ports: [{ containerPort: 8443 }] }],
    })
    world.untilReady('app')
    expect(world.runtime.sandboxes(pod.metadata.uid)[0]!.network.ports).toEqual([8443])
  })

  test('that must not be pulled and is not there', () => {
    const world = started()
    world.pod('never', { containers: [{ name: 'main', image: 'nginx:1.27', imagePullPolicy: 'Never' }] })
    const pod = world.until('never', found => main(found)?.state?.waiting?.reason === 'ErrImageNeverPull')
    expect(main(pod)!.state!.waiting!.message).toBe(
      'Container image "nginx:1.27" is not present with pull policy of Never',
    )
  })

  test('a node pulls one after another, and each once', () => {
    const world = started()
    world.pod('a', { containers: [{ name: 'main', image: 'nginx:1.27' }] })
    world.pod('b', { containers: [{ name: 'main', image: 'httpd:2.4' }] })
    world.untilReady('a')
    world.untilReady('b')
    world.pod('c', { containers: [{ name: 'main', image: 'httpd:2.4' }] })
    world.untilReady('c')
    expect(world.events('b').join('\n')).toMatch(/in 872ms \(1\.\d+s including waiting\)/)
    expect(world.events('c')[0]).toBe('Normal Pulled: Container image "httpd:2.4" already present on machine')
  })
})

describe('init containers', () => {
  test('run one after another before the others', () => {
    const world = started()
    world.pod('init', {
      initContainers: [
        shell('sleep 2; echo one', { name: 'one' }),
        shell('sleep 2; echo two', { name: 'two' }),
      ],
      containers: [{ name: 'web', image: 'nginx:1.27' }],
    })
    const early = world.until('init', pod => pod?.status.initContainerStatuses?.[0]?.ready === true)!
    expect(early.status.phase).toBe('Pending')
    expect(conditions(early)).toContain('Initialized=False(ContainersNotInitialized)')
    expect(early.status.containerStatuses![0]!.state).toEqual({ waiting: { reason: 'PodInitializing' } })
    const pod = world.untilReady('init')
    const [one, two] = pod.status.initContainerStatuses!
    expect(two!.state!.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' })
    expect(Date.parse(two!.state!.terminated!.startedAt!)).toBeGreaterThanOrEqual(
      Date.parse(one!.state!.terminated!.finishedAt!),
    )
  })

  test('one that fails is tried again, and fails the pod under Never', () => {
    const world = started()
    world.pod('again', { initContainers: [shell('exit 1', { name: 'one' })], containers: [shell('sleep 9')] })
    world.pod('never', {
      restartPolicy: 'Never',
      initContainers: [shell('exit 1', { name: 'one' })],
      containers: [shell('sleep 9')],
    })
    world.until(
      'again',
      pod => pod?.status.initContainerStatuses?.[0]?.state?.waiting?.reason === 'CrashLoopBackOff',
    )
    expect(world.get('again')!.status.phase).toBe('Pending')
    world.until('never', pod => pod?.status.phase === 'Failed')
  })

  test('a sidecar starts first, stays, and goes last', () => {
    const world = started()
    world.pod('mesh', {
      restartPolicy: 'Never',
      initContainers: [{ name: 'proxy', image: 'nginx:1.27', restartPolicy: 'Always' }],
      containers: [shell('sleep 5')],
    })
    const running = world.untilReady('mesh')
    expect(running.status.initContainerStatuses![0]).toMatchObject({ ready: true, started: true })
    const pod = world.until('mesh', found => found?.status.phase === 'Succeeded')!
    const proxy = pod.status.initContainerStatuses![0]!.state!.terminated!
    expect(proxy.exitCode).toBe(0)
    expect(Date.parse(proxy.finishedAt!)).toBeGreaterThanOrEqual(
      Date.parse(main(pod)!.state!.terminated!.finishedAt!),
    )
  })
})

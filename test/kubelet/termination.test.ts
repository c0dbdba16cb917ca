import { describe, expect, test } from 'vitest'
import { type ConfigMap, ConfigMaps, type Pod, Secrets } from '../../src/api/index.ts'
import { World } from './world.ts'

const shell = (script: string, more: object = {}) => ({
  name: 'main',
  image: 'busybox',
  command: ['sh', '-c', script],
  ...more,
})
const main = (pod: Pod | undefined) => pod?.status.containerStatuses?.[0]

function started(options: ConstructorParameters<typeof World>[0] = {}): World {
  const world = new World(options)
  world.sim.advance(1_000)
  return world
}

/** Deletes and says how long it took until the object was gone, in whole seconds. */
function secondsToGo(world: World, name: string, options: object = {}): number {
  const startMs = world.sim.now
  world.delete(name, options)
  world.until(name, pod => pod === undefined, 120_000)
  return Math.round((world.sim.now - startMs) / 1000)
}

describe('termination', () => {
  test('what ignores SIGTERM is killed when its grace is over', () => {
    const world = started()
    world.pod('deaf', { terminationGracePeriodSeconds: 7, containers: [shell('sleep 1000')] })
    world.untilReady('deaf')
    expect(secondsToGo(world, 'deaf')).toBe(7)
  })

  test('a shorter grace period counts from when it is given', () => {
    const world = started()
    world.pod('deaf', { containers: [shell('sleep 1000')] })
    world.untilReady('deaf')
    world.delete('deaf')
    world.sim.advance(3_000)
    expect(secondsToGo(world, 'deaf', { gracePeriodSeconds: 2 })).toBe(2)
  })

  test('preStop runs first, and its time counts', () => {
    const world = started()
    world.pod('hooked', {
      terminationGracePeriodSeconds: 10,
      containers: [shell('sleep 1000', { lifecycle: { preStop: { exec: { command: ['sleep', '6'] } } } })],
    })
    world.untilReady('hooked')
    expect(secondsToGo(world, 'hooked')).toBe(10)
  })

  test('a preStop that takes it all leaves two seconds more', () => {
    const world = started()
    world.pod('hooked', {
      terminationGracePeriodSeconds: 5,
      containers: [shell('sleep 1000', { lifecycle: { preStop: { exec: { command: ['sleep', '60'] } } } })],
    })
    world.untilReady('hooked')
    expect(secondsToGo(world, 'hooked')).toBe(7)
  })

  test('forced deletion removes the object at once; the container keeps its grace period', () => {
    const world = started()
    const pod = world.pod('deaf', { terminationGracePeriodSeconds: 5, containers: [shell('sleep 1000')] })
    world.untilReady('deaf')
    world.delete('deaf', { gracePeriodSeconds: 0 })
    expect(world.get('deaf')).toBeUndefined()
    expect(world.runtime.containers(pod.metadata.uid)).toHaveLength(1)
    world.sim.advance(5_500)
    expect(world.runtime.containers(pod.metadata.uid)).toHaveLength(0)
  })

  test('whenever it is deleted while its sandbox is made, nothing of it is left', () => {
    for (let afterMs = 0; afterMs < 200; afterMs += 5) {
      const world = started()
      world.pod('brief', { containers: [shell('sleep 1000')] })
      world.sim.advance(afterMs)
      world.delete('brief', { gracePeriodSeconds: afterMs % 2 })
      world.sim.advance(40_000)
      expect(world.get('brief'), `after ${afterMs} ms`).toBeUndefined()
      expect(world.runtime.podUids(), `after ${afterMs} ms`).toEqual([])
      expect(world.cni.deleted.length, `after ${afterMs} ms`).toBe(world.cni.added.length)
    }
  })

  test('postStart that fails kills its container', () => {
    const world = started()
    world.pod('hooked', {
      containers: [shell('sleep 1000', { lifecycle: { postStart: { exec: { command: ['false'] } } } })],
      terminationGracePeriodSeconds: 1,
    })
    world.until('hooked', pod => (main(pod)?.restartCount ?? 0) >= 1)
    expect(world.events('hooked').join('\n')).toContain('Warning FailedPostStartHook: PostStartHook failed')
  })
})

describe('probes', () => {
  test('readiness comes and goes with its file', () => {
    const world = started()
    const probe = { exec: { command: ['cat', '/tmp/ready'] }, periodSeconds: 5 }
    const script = 'sleep 8; touch /tmp/ready; sleep 20; rm /tmp/ready; sleep 1000'
    world.pod('moody', { containers: [shell(script, { readinessProbe: probe })] })
    world.until('moody', pod => main(pod)?.state?.running !== undefined)
    expect(main(world.get('moody'))!.ready).toBe(false)
    world.untilReady('moody')
    world.until('moody', pod => main(pod)?.ready === false)
    expect(main(world.get('moody'))!.restartCount).toBe(0)
    expect(world.events('moody').join('\n')).toContain(
      "Warning Unhealthy: Readiness probe failed: cat: can't open '/tmp/ready': No such file or directory",
    )
  })

  test('liveness restarts after three failures', () => {
    const world = started()
    const probe = { exec: { command: ['cat', '/tmp/healthy'] }, initialDelaySeconds: 5, periodSeconds: 5 }
    const script = 'touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600'
    world.pod('liveness', {
      terminationGracePeriodSeconds: 3,
      containers: [shell(script, { livenessProbe: probe })],
    })
    world.untilReady('liveness')
    const readyMs = world.sim.now
    const pod = world.until('liveness', found => (main(found)?.restartCount ?? 0) === 1, 120_000)!
    const seconds = (world.sim.now - readyMs) / 1000
    expect(seconds).toBeGreaterThan(40)
    expect(seconds).toBeLessThan(56)
    expect(main(pod)!.lastState!.terminated!.exitCode).toBe(137)
    expect(world.events('liveness')).toContain(
      'Normal Killing: Container main failed liveness probe, will be restarted',
    )
  })

  test('killed by liveness, it starts in the same sync; the back-off counts from the death before', () => {
    const world = started()
    const probe = { exec: { command: ['false'] }, periodSeconds: 1, failureThreshold: 1 }
    world.pod('liveness', {
      terminationGracePeriodSeconds: 1,
      containers: [shell('sleep 600', { livenessProbe: probe })],
    })
    world.untilReady('liveness')
    const seen: string[] = []
    for (let i = 0; i < 400; i++) {
      const { state, restartCount } = main(world.get('liveness'))!
      const what = `${restartCount} ${state!.waiting?.reason ?? state!.terminated?.reason ?? 'Running'}`
      if (seen.at(-1) !== what) seen.push(what)
      world.sim.advance(100)
    }
    expect(seen.slice(0, 6)).toEqual([
      '0 Running',
      '1 Running',
      '2 Running',
      '2 CrashLoopBackOff',
      '3 Running',
      '3 CrashLoopBackOff',
    ])
  })

  test('HTTP and TCP, and startup before the others', () => {
    const world = started()
    world.pod('web', {
      containers: [
        {
          name: 'main',
          image: 'nginx:1.27',
          ports: [{ name: 'http', containerPort: 80 }],
          startupProbe: { tcpSocket: { port: 80 }, periodSeconds: 2 },
          readinessProbe: { httpGet: { path: '/', port: 'http' }, periodSeconds: 3 },
          livenessProbe: {
            httpGet: { path: '/missing', port: 80 },
            periodSeconds: 3,
            failureThreshold: 1000,
          },
        },
      ],
    })
    const pod = world.untilReady('web')
    world.sim.advance(4_000)
    expect(main(pod)!.started).toBe(true)
    expect(world.events('web').join('\n')).toContain(
      'Warning Unhealthy: Liveness probe failed: HTTP probe failed with statuscode: 404',
    )
  })

  test('nobody listening is refused in the words of a Go client', () => {
    const world = started()
    world.pod('web', {
      containers: [
        shell('sleep 1000', {
          readinessProbe: { httpGet: { path: 'healthz', port: 8080 }, periodSeconds: 1 },
        }),
      ],
    })
    world.until('web', pod => main(pod)?.state?.running !== undefined)
    world.sim.advance(3_000)
    expect(world.events('web').join('\n')).toContain(
      'Warning Unhealthy: Readiness probe failed: Get "http://10.244.0.2:8080/healthz": dial tcp 10.244.0.2:8080: connect: connection refused',
    )
  })
})

describe('what a container is given', () => {
  test('environment from values, fields, ConfigMaps and Secrets, and files', () => {
    const world = started()
    world.create(ConfigMaps, {
      metadata: { name: 'conf', namespace: 'default' },
      data: { mode: 'dark', 'a.txt': 'hello\n' },
    } as never)
    world.create(Secrets, {
      metadata: { name: 'key', namespace: 'default' },
      data: { token: 'czNjcjN0' },
    } as never)
    const pod = world.pod('env', {
      restartPolicy: 'Never',
      volumes: [{ name: 'conf', configMap: { name: 'conf' } }],
      containers: [
        shell('echo $MODE $TOKEN $NAME $IP $BOTH $ARG $HOSTNAME; cat /etc/conf/a.txt', {
          args: undefined,
          envFrom: [{ secretRef: { name: 'key' }, prefix: 'X_' }],
          volumeMounts: [{ name: 'conf', mountPath: '/etc/conf' }],
          env: [
            { name: 'MODE', valueFrom: { configMapKeyRef: { name: 'conf', key: 'mode' } } },
            { name: 'TOKEN', value: '$(X_token)' },
            { name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
            { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
            { name: 'BOTH', value: '$(MODE)-$(NAME)' },
            { name: 'ARG', value: '$$(MODE)' },
          ],
        }),
      ],
    })
    world.until('env', found => found?.status.phase === 'Succeeded')
    expect(world.logs(pod)).toEqual(['dark s3cr3t env 10.244.0.2 dark-env $(MODE) env', 'hello'])
  })

  test('a ConfigMap that is missing keeps it waiting until it is there', () => {
    const world = started()
    const env = [{ name: 'MODE', valueFrom: { configMapKeyRef: { name: 'conf', key: 'mode' } } }]
    world.pod('env', { containers: [shell('sleep 100', { env })] })
    const waiting = world.until(
      'env',
      pod => main(pod)?.state?.waiting?.reason === 'CreateContainerConfigError',
    )!
    expect(main(waiting)!.state!.waiting!.message).toBe('configmap "conf" not found')
    world.create<ConfigMap>(ConfigMaps, {
      metadata: { name: 'conf', namespace: 'default' },
      data: { mode: 'dark' },
    } as never)
    world.untilReady('env')
  })

  test('a volume that is missing is waited for before anything starts', () => {
    const world = started()
    world.pod('vol', {
      volumes: [{ name: 'c', configMap: { name: 'conf' } }],
      containers: [shell('sleep 100')],
    })
    world.sim.advance(3_000)
    expect(world.events('vol').join('\n')).toContain(
      'Warning FailedMount: MountVolume.SetUp failed for volume "c" : configmap "conf" not found',
    )
    world.create(ConfigMaps, { metadata: { name: 'conf', namespace: 'default' } } as never)
    world.untilReady('vol')
  })

  test('a command that is no program', () => {
    const world = started()
    world.pod('typo', {
      restartPolicy: 'Never',
      containers: [{ name: 'main', image: 'busybox', command: ['slep', '3'] }],
    })
    const pod = world.until('typo', found => found?.status.phase === 'Failed')
    expect(main(pod)!.state!.terminated).toMatchObject({ exitCode: 128, reason: 'StartError' })
    expect(main(pod)!.state!.terminated!.message).toContain(
      'exec: "slep": executable file not found in $PATH',
    )
    expect(main(pod)!.state!.terminated!.startedAt).toBe('1970-01-01T00:00:00Z')
  })

  test('that is tried again waits with RunContainerError', () => {
    const world = started()
    world.pod('typo', { containers: [{ name: 'main', image: 'busybox', command: ['slep', '3'] }] })
    const pod = world.until('typo', found => main(found)?.state?.waiting?.reason === 'RunContainerError')
    expect(main(pod)!.lastState!.terminated).toMatchObject({ exitCode: 128, reason: 'StartError' })
    world.until('typo', found => main(found)?.state?.waiting?.reason === 'CrashLoopBackOff')
  })
})

describe('admission at the node', () => {
  test('a pod too many is refused for good', () => {
    const world = started({ node: { cpu: '1' } })
    const web = { name: 'main', image: 'nginx:1.27', resources: { requests: { cpu: '600m' } } }
    world.pod('first', { containers: [web] })
    world.untilReady('first')
    world.pod('second', { containers: [web] })
    const pod = world.until('second', found => found?.status.phase === 'Failed')!
    const message = "Node didn't have enough resource: cpu, requested: 600, used: 600, capacity: 1000"
    expect(pod.status).toMatchObject({ reason: 'OutOfcpu', message: `Pod was rejected: ${message}` })
    expect(world.events('second')).toEqual([`Warning OutOfcpu: ${message}`])
    world.delete('first')
    world.until('first', found => found === undefined)
    world.pod('third', { containers: [web] })
    world.untilReady('third')
  })
})

describe('the network', () => {
  test('a sandbox that CNI refuses is tried again', () => {
    const world = started()
    world.cni.failure =
      'plugin type="flannel" failed (add): no IP addresses available in range set: 10.244.0.1-10.244.0.254'
    world.pod('web', { containers: [{ name: 'main', image: 'nginx:1.27' }] })
    world.sim.advance(2_000)
    expect(world.events('web')[0]).toMatch(
      /^Warning FailedCreatePodSandBox: Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "[0-9a-f]{64}": plugin type="flannel" failed/,
    )
    world.cni.failure = undefined
    world.untilReady('web')
  })

  test('hostNetwork pods share the node, and its ports', () => {
    const world = started()
    world.pod('proxy', { hostNetwork: true, containers: [{ name: 'main', image: 'nginx:1.27' }] })
    const pod = world.untilReady('proxy')
    expect(pod.status.podIP).toBe('192.168.1.11')
    expect(world.cni.added).toEqual([])
    expect(world.runtime.hostNetwork.ports).toEqual([80])
  })
})

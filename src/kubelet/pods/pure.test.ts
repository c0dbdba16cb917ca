import { describe, expect, test } from 'vitest'
import type { Pod, Service } from '../../api/index.ts'
import { countResult, NO_RUN, nextTick } from '../probes/threshold.ts'
import { type BackOff, backOffLeft, formatBackOff, nextBackOff } from './back-off.ts'
import { expand } from './environment.ts'
import { goDuration } from './image-manager.ts'
import { nextSteps, shouldRestart } from './next-steps.ts'
import { newWorker, type Slot } from './pod-worker.ts'
import { podRequests, qosClass, refuse } from './resources.ts'
import { fromServices } from './service-environment.ts'

describe('a back-off', () => {
  test('doubles up to its cap and starts afresh after twice that in peace', () => {
    let entry: BackOff | undefined
    const delays: number[] = []
    for (let at = 0; delays.length < 7; at += 100_000) {
      entry = nextBackOff(entry, at, at, 10_000, 300_000)
      delays.push(entry.delayMs / 1000)
    }
    expect(delays).toEqual([10, 20, 40, 80, 160, 300, 300])
    expect(nextBackOff(entry, 700_000 + 600_001, 0, 10_000, 300_000).delayMs).toBe(10_000)
  })

  test('leaves nothing to wait once its time has passed', () => {
    const entry = { delayMs: 10_000, updatedMs: 0 }
    expect(backOffLeft(undefined, 0, 0, 300_000)).toBe(0)
    expect(backOffLeft(entry, 1_000, 4_000, 300_000)).toBe(7_000)
    expect(backOffLeft(entry, 1_000, 11_000, 300_000)).toBe(0)
  })

  test.each([
    [10_000, '10s'],
    [80_000, '1m20s'],
    [300_000, '5m0s'],
  ])('%d ms reads %s', (ms, text) => expect(formatBackOff(ms)).toBe(text))
})

test.each([
  [0, '0s'],
  [980, '980ms'],
  [1_204, '1.204s'],
  [63_500, '1m3.5s'],
])('a pull of %d ms reads %s', (ms, text) => expect(goDuration(ms)).toBe(text))

describe('probe thresholds', () => {
  test('only a run of equal results counts', () => {
    let run = NO_RUN
    const verdicts: (boolean | undefined)[] = []
    for (const isSuccess of [false, false, true, false, false, false]) {
      const counted = countResult(run, isSuccess, { failureThreshold: 3 })
      run = counted.run
      verdicts.push(counted.verdict)
    }
    expect(verdicts).toEqual([undefined, undefined, true, undefined, undefined, false])
  })

  test.each([
    [0, 10, 5, 10],
    [0, 10, 10, 10],
    [0, 10, 11, 20],
    [3, 10, 2, 13],
  ])('a ticker from %d every %d is due after %d at %d', (phase, period, from, due) => {
    expect(nextTick(phase, period, from)).toBe(due)
  })
})

describe('restarts', () => {
  test.each([
    ['regular', 'Always', 0, true],
    ['regular', 'OnFailure', 0, false],
    ['regular', 'OnFailure', 1, true],
    ['regular', 'Never', 1, false],
    ['init', 'Always', 0, false],
    ['init', 'Always', 1, true],
    ['init', 'Never', 1, false],
    ['sidecar', 'Never', 0, true],
  ] as const)('%s under %s with exit code %d: %s', (kind, policy, exitCode, expected) => {
    expect(shouldRestart({ kind } as Slot, policy, exitCode)).toBe(expected)
  })
})

const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'default', uid: 'u', resourceVersion: '1', creationTimestamp: '' },
  status: {},
}

function slotsOf(spec: Pod['spec']): readonly Slot[] {
  return newWorker({ ...POD, spec } as Pod, { key: 'default/p', subject: 0, nowMs: 0, timestamp: '' }).slots
}

describe('next steps', () => {
  const spec = {
    initContainers: [{ name: 'i' }, { name: 's', restartPolicy: 'Always' }],
    containers: [{ name: 'a' }, { name: 'b' }],
  } as Pod['spec']
  const steps = (slots: readonly Slot[]) =>
    nextSteps(slots, 'Always').map(({ slot, act }) => `${act} ${slot.spec.name}`)

  test('the first init container, alone', () => {
    expect(steps(slotsOf(spec))).toEqual(['start i'])
  })

  test('one container starts at a time, in the order of the spec', () => {
    const slots = slotsOf(spec)
    const [init, sidecar, first, second] = slots as [Slot, Slot, Slot, Slot]
    init.state = 'finished'
    init.record = { exitCode: 0 } as Slot['record']
    expect(steps(slots)).toEqual(['start s'])
    sidecar.state = 'running'
    expect(steps(slots)).toEqual([])
    sidecar.isStarted = true
    expect(steps(slots)).toEqual(['start a'])
    first.state = 'pulling'
    expect(steps(slots)).toEqual([])
    first.state = 'running'
    expect(steps(slots)).toEqual(['start b'])
    second.state = 'running'
    first.state = 'exited'
    sidecar.state = 'exited'
    expect(steps(slots)).toEqual(['restart s'])
  })
})

describe('resources', () => {
  const ask = (cpu: string, memory?: string) => ({
    resources: { requests: { cpu, ...(memory && { memory }) } },
  })

  test('init containers count at their peak, sidecars always', () => {
    const spec = {
      initContainers: [
        { name: 's', restartPolicy: 'Always', ...ask('100m') },
        { name: 'i', ...ask('1') },
      ],
      containers: [
        { name: 'a', ...ask('300m', '64Mi') },
        { name: 'b', ...ask('200m') },
      ],
    } as Pod['spec']
    expect(podRequests(spec)).toEqual({ cpuMilli: 1_100, memoryBytes: 64 * 1024 * 1024 })
    expect(podRequests({ containers: spec.containers })).toMatchObject({ cpuMilli: 500 })
  })

  test('the node refuses what it has no room for', () => {
    const room = { cpuMilli: 1_000, memoryBytes: 1_000, pods: 2 }
    const none = { cpuMilli: 0, memoryBytes: 0 }
    expect(refuse(none, { cpuMilli: 1_000, memoryBytes: 0, pods: 1 }, room)).toBeUndefined()
    expect(refuse(none, { cpuMilli: 0, memoryBytes: 0, pods: 2 }, room)?.reason).toBe('OutOfpods')
    expect(
      refuse({ cpuMilli: 0, memoryBytes: 600 }, { cpuMilli: 0, memoryBytes: 600, pods: 1 }, room)?.message,
    ).toBe("Node didn't have enough resource: memory, requested: 600, used: 600, capacity: 1000")
  })

  test.each([
    [{}, 'BestEffort'],
    [{ requests: { cpu: '1' } }, 'Burstable'],
    [{ limits: { cpu: '1', memory: '1Gi' } }, 'Guaranteed'],
    [{ limits: { cpu: '1' } }, 'Burstable'],
  ])('%j is %s', (resources, expected) => {
    expect(qosClass({ containers: [{ name: 'a', resources }] } as Pod['spec'])).toBe(expected)
  })
})

test('Services are named to containers as Docker links were', () => {
  const service = {
    metadata: { name: 'redis-master' },
    spec: { clusterIP: '10.96.0.7', ports: [{ port: 6379, protocol: 'TCP', name: 'redis' }] },
  } as Service
  const headless = { metadata: { name: 'db' }, spec: { clusterIP: 'None', ports: [{ port: 1 }] } } as Service
  expect(fromServices([service, headless])).toEqual({
    REDIS_MASTER_SERVICE_HOST: '10.96.0.7',
    REDIS_MASTER_SERVICE_PORT: '6379',
    REDIS_MASTER_SERVICE_PORT_REDIS: '6379',
    REDIS_MASTER_PORT: 'tcp://10.96.0.7:6379',
    REDIS_MASTER_PORT_6379_TCP: 'tcp://10.96.0.7:6379',
    REDIS_MASTER_PORT_6379_TCP_PROTO: 'tcp',
    REDIS_MASTER_PORT_6379_TCP_PORT: '6379',
    REDIS_MASTER_PORT_6379_TCP_ADDR: '10.96.0.7',
  })
})

test.each([
  ['$(A)-$(B)', '1-$(B)'],
  ['$$(A)', '$(A)'],
  ['a$b', 'a$b'],
])('%s expands to %s', (text, expected) => expect(expand(text, { A: '1' })).toBe(expected))

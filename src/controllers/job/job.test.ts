import { describe, expect, test } from 'vitest'
import { type Job, Jobs, type Pod, Pods, statuses } from '../../api/index.ts'
import { podTemplate, World } from '../shared/world.testing.ts'
import { ttlAfterFinishedController } from '../ttl-after-finished/index.ts'
import { jobController } from './index.ts'
import { formatIndexes, parseIndexes } from './index-ranges.ts'

type Spec = Partial<Job['spec']>

/** A Job as the API server completes it. */
function create(world: World, spec: Spec = {}): Job {
  const template = podTemplate({ 'batch.kubernetes.io/job-name': 'ok' }, 'job:exit0')
  return world.put(Jobs, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'ok', namespace: 'default' },
    spec: {
      parallelism: 1,
      completions: 1,
      completionMode: 'NonIndexed',
      backoffLimit: 6,
      suspend: false,
      podReplacementPolicy: 'TerminatingOrFailed',
      selector: { matchLabels: { 'batch.kubernetes.io/job-name': 'ok' } },
      template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } },
      ...spec,
    },
    status: {},
  })
}

const reconcile = (world: World) => world.reconcile(jobController, 'default/ok')
const settle = (world: World) => world.settle(jobController)
const job = (world: World) => world.get(Jobs, 'default', 'ok')!
const change = (world: World, spec: Spec) =>
  world.change(Jobs, job(world), { spec: { ...job(world).spec, ...spec } })
const living = (world: World): Pod[] =>
  world.all(Pods).filter(pod => !['Succeeded', 'Failed'].includes(pod.status.phase ?? ''))
const conditions = (world: World) =>
  job(world).status.conditions?.map(c => `${c.type}=${c.status}(${c.reason}: ${c.message})`)
const index = (pod: Pod) => pod.metadata.annotations?.['batch.kubernetes.io/job-completion-index']
const messages = (world: World) => world.events.map(event => event.replace(/ok-\S+/, 'ok-x'))

describe('a Job that succeeds', () => {
  test('runs as many at once as it may, until enough succeeded (oracle/job-complete)', () => {
    const world = new World()
    create(world, { completions: 4, parallelism: 2 })
    const seen: unknown[] = []
    const look = () => {
      settle(world)
      const { active, succeeded } = job(world).status
      seen.push([active, succeeded])
    }
    look()
    for (let finished = 0; finished < 4; finished++) {
      world.nowMs += 1000
      world.finish(living(world)[0]!, 'Succeeded')
      look()
    }
    expect(seen).toEqual([
      [2, undefined],
      [2, 1],
      [2, 2],
      [1, 3],
      [undefined, 4],
    ])
    expect(messages(world)).toEqual([
      ...new Array(4).fill('Normal SuccessfulCreate Created pod: ok-x'),
      'Normal Completed Job completed',
    ])
    expect(conditions(world)).toEqual([
      'SuccessCriteriaMet=True(CompletionsReached: Reached expected number of succeeded pods)',
      'Complete=True(CompletionsReached: Reached expected number of succeeded pods)',
    ])
    expect(job(world).status).toMatchObject({
      startTime: '2026-01-01T00:00:00Z',
      completionTime: '2026-01-01T00:00:04Z',
      ready: 0,
      terminating: 0,
      uncountedTerminatedPods: {},
    })
    expect(world.all(Pods).every(pod => pod.metadata.finalizers === undefined)).toBe(true)
  })

  test('announces the end before it declares it, and counts a pod only once let go', () => {
    const world = new World()
    create(world)
    settle(world)
    const pod = world.finish(living(world)[0]!, 'Succeeded')
    expect(pod.metadata.finalizers).toEqual(['batch.kubernetes.io/job-tracking'])
    world.writes.length = 0
    reconcile(world)
    expect(job(world).status).toMatchObject({ uncountedTerminatedPods: { succeeded: [pod.metadata.uid] } })
    expect(job(world).status.succeeded).toBeUndefined()
    expect(conditions(world)).toHaveLength(1)
    reconcile(world)
    expect(job(world).status.succeeded).toBe(1)
    expect(conditions(world)).toHaveLength(2)
    expect(world.writes).toEqual([
      'update Job/status ok',
      `patch Pod ${pod.metadata.name}`,
      'update Job/status ok',
    ])
  })

  test('without completions ends when one pod succeeded and the others ended', () => {
    const world = new World()
    create(world, { completions: undefined, parallelism: 3 })
    settle(world)
    world.finish(living(world)[0]!, 'Succeeded')
    settle(world)
    expect(living(world)).toHaveLength(2)
    expect(conditions(world)).toBeUndefined()
    for (const pod of living(world)) world.finish(pod, 'Succeeded')
    settle(world)
    expect(conditions(world)).toHaveLength(2)
  })

  test('is deleted when its time to live is over', () => {
    const world = new World()
    create(world, { ttlSecondsAfterFinished: 30 })
    settle(world)
    world.finish(living(world)[0]!, 'Succeeded')
    settle(world)
    expect(world.reconcile(ttlAfterFinishedController, 'default/ok').requeueAfterMs).toBe(30_000)
    world.nowMs += 30_000
    const { intents } = world.reconcile(ttlAfterFinishedController, 'default/ok')
    expect(intents[0]).toMatchObject({ do: 'delete', options: { propagationPolicy: 'Foreground' } })
  })
})

describe('a Job that fails', () => {
  test('tries again after 10 s, 20 s, 40 s, and gives up beyond its backoffLimit', () => {
    const world = new World()
    create(world, { backoffLimit: 3 })
    settle(world)
    const waits: (number | undefined)[] = []
    for (let attempt = 0; attempt < 3; attempt++) {
      world.finish(living(world)[0]!, 'Failed')
      settle(world)
      const { requeueAfterMs } = reconcile(world)
      waits.push(requeueAfterMs)
      expect(living(world)).toEqual([])
      world.nowMs += requeueAfterMs ?? 0
      settle(world)
      expect(living(world)).toHaveLength(1)
    }
    expect(waits).toEqual([10_000, 20_000, 40_000])
    world.finish(living(world)[0]!, 'Failed')
    settle(world)
    expect(job(world).status).toMatchObject({ failed: 4, uncountedTerminatedPods: {} })
    expect(conditions(world)).toEqual([
      'FailureTarget=True(BackoffLimitExceeded: Job has reached the specified backoff limit)',
      'Failed=True(BackoffLimitExceeded: Job has reached the specified backoff limit)',
    ])
    expect(world.events.at(-1)).toBe(
      'Warning BackoffLimitExceeded Job has reached the specified backoff limit',
    )
  })

  test('past its deadline its pods are removed, and it has failed when they are gone', () => {
    const world = new World()
    create(world, { activeDeadlineSeconds: 60, parallelism: 2, completions: 2 })
    settle(world)
    for (const pod of living(world)) world.ready(pod)
    expect(reconcile(world).requeueAfterMs).toBe(60_000)
    world.nowMs += 60_000
    settle(world)
    expect(conditions(world)).toEqual([
      'FailureTarget=True(DeadlineExceeded: Job was active longer than specified deadline)',
    ])
    world.reap()
    settle(world)
    expect(conditions(world)).toHaveLength(2)
    expect(job(world).status).toMatchObject({ failed: 2 })
    expect(job(world).status.active).toBeUndefined()
  })

  test('counts restarts where pods restart in place', () => {
    const world = new World()
    const template = podTemplate({ 'batch.kubernetes.io/job-name': 'ok' })
    create(world, {
      backoffLimit: 2,
      template: { ...template, spec: { ...template.spec, restartPolicy: 'OnFailure' } },
    })
    settle(world)
    const [pod] = living(world)
    const container = { name: 'c', image: '', imageID: '', ready: false, restartCount: 2 }
    world.change(Pods, pod!, { status: { phase: 'Running', containerStatuses: [container] } })
    settle(world)
    expect(conditions(world)![0]).toContain('BackoffLimitExceeded')
  })

  test('a pod that may not be made is told of, and the status written all the same', () => {
    const world = new World()
    create(world)
    world.refuse = intent =>
      intent.do === 'create' ? statuses.forbidden(Pods, 'ok-x', 'exceeded quota') : undefined
    reconcile(world)
    expect(world.events).toEqual([
      'Warning FailedCreate Error creating: pods "ok-x" is forbidden: exceeded quota',
    ])
    expect(job(world).status).toMatchObject({ startTime: world.timestamp })
    expect(job(world).status.active).toBeUndefined()
  })
})

describe('an Indexed Job', () => {
  test('gives each pod an index, a name and a variable of it', () => {
    const world = new World()
    create(world, { completionMode: 'Indexed', completions: 3, parallelism: 2 })
    settle(world)
    expect(world.all(Pods).map(index)).toEqual(['0', '1'])
    const [pod] = world.all(Pods)
    expect(pod!.metadata.generateName).toBe('ok-0-')
    expect(pod!.metadata.labels).toMatchObject({ 'batch.kubernetes.io/job-completion-index': '0' })
    expect(pod!.spec.hostname).toBe('ok-0')
    expect(pod!.spec.containers[0]!.env![0]).toMatchObject({ name: 'JOB_COMPLETION_INDEX' })
  })

  test('repeats an index that failed, and is complete when all succeeded', () => {
    const world = new World()
    create(world, { completionMode: 'Indexed', completions: 3, parallelism: 3 })
    settle(world)
    const [first, second, third] = world.all(Pods)
    world.finish(second!, 'Failed')
    world.finish(first!, 'Succeeded')
    world.finish(third!, 'Succeeded')
    settle(world)
    expect(job(world).status).toMatchObject({ completedIndexes: '0,2', succeeded: 2, failed: 1 })
    world.nowMs += 10_000
    settle(world)
    expect(living(world).map(index)).toEqual(['1'])
    world.finish(living(world)[0]!, 'Succeeded')
    settle(world)
    expect(job(world).status).toMatchObject({ completedIndexes: '0-2', succeeded: 3 })
    expect(conditions(world)).toHaveLength(2)
  })

  test.each([
    [[], ''],
    [[4], '4'],
    [[0, 1], '0,1'],
    [[1, 3, 4, 5, 7], '1,3-5,7'],
  ])('writes %j as %j', (indexes, text) => {
    expect(formatIndexes(indexes)).toBe(text)
    expect([...parseIndexes(text, 10)]).toEqual(indexes)
  })
})

describe('suspending', () => {
  test('removes the pods; resuming makes them again and restarts the clock', () => {
    const world = new World()
    create(world, { parallelism: 2, completions: 2 })
    settle(world)
    for (const pod of living(world)) world.ready(pod)
    change(world, { suspend: true })
    settle(world)
    world.reap()
    settle(world)
    world.reap()
    expect(world.all(Pods)).toEqual([])
    expect(conditions(world)).toEqual(['Suspended=True(JobSuspended: Job suspended)'])
    world.nowMs += 60_000
    change(world, { suspend: false })
    reconcile(world)
    expect(conditions(world)).toEqual(['Suspended=False(JobResumed: Job resumed)'])
    expect(job(world).status.startTime).toBe('2026-01-01T00:01:00Z')
    expect(world.events.filter(event => /Suspended|Resumed/.test(event))).toEqual([
      'Normal Suspended Job suspended',
      'Normal Resumed Job resumed',
    ])
  })

  test('a Job made suspended has no pods and no start', () => {
    const world = new World()
    create(world, { suspend: true })
    settle(world)
    expect(world.all(Pods)).toEqual([])
    expect(job(world).status.startTime).toBeUndefined()
  })
})

test('pods of a Job that is gone are let go', () => {
  const world = new World()
  create(world)
  settle(world)
  const [pod] = world.all(Pods)
  world.remove(Jobs, job(world))
  expect(jobController.watches[0]!.keys(pod!, undefined, 'ADDED', world)).toEqual(['default/ok'])
  reconcile(world)
  expect(world.all(Pods)[0]!.metadata.finalizers).toBeUndefined()
})

test('what is not modelled is told of', () => {
  const world = new World()
  create(world, { podFailurePolicy: { rules: [] } })
  settle(world)
  expect(world.events[0]).toBe('Warning NotModelled spec.podFailurePolicy is not modelled and ignored')
  expect(world.events.filter(event => event.includes('NotModelled'))).toHaveLength(1)
})

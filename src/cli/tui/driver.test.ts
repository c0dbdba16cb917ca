import { describe, expect, test } from 'vitest'
import { Lesson, parseScenario } from '../../scenario/index.ts'
import { Driver } from './driver.ts'

const MANIFEST = `\`\`\`yaml apply
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers: [{ name: web, image: nginx }]
\`\`\``

const LESSON = `---
title: Three pods
cluster: { nodes: 2, seed: 7 }
---
# Three pods

${MANIFEST}
\`\`\`console
$ sim wait deployment/web --for=condition=Available --timeout=60s
$ sim advance 10s
\`\`\`
Done.
`

/** A lesson, and a wall clock that moves only when told to. */
function open(source: string, speed = 1, onError?: (error: unknown) => void) {
  const lesson = new Lesson(parseScenario('x.md', source))
  let nowMs = 0
  let callback = () => {}
  const driver = new Driver(lesson, {
    speed,
    onError,
    clock: {
      now: () => nowMs,
      every: (_, tick) => {
        callback = tick
        return () => {
          callback = () => {}
        }
      },
    },
  })
  driver.start()
  const wait = (ms: number) => {
    for (const end = nowMs + ms; nowMs < end; ) {
      nowMs += 66
      callback()
    }
  }
  return { lesson, driver, wait, sim: lesson.cluster.sim }
}

describe('the driver', () => {
  test('lets no virtual time pass while a step is read', () => {
    const { driver, wait, sim } = open(LESSON)
    const before = sim.now
    wait(1000)
    expect(driver.view().state).toBe('reading')
    expect(driver.view().readEighths).toBeGreaterThan(2)
    expect(sim.now).toBe(before)
  })

  test('plays the lesson to its end, and the cluster lives on', () => {
    const { driver, wait, sim } = open(LESSON, 4)
    wait(30_000)
    const view = driver.view()
    expect(view).toMatchObject({ state: 'live', podsReady: 3, podsTotal: 3, hasFailed: false })
    expect(view.step).toBe(view.steps.length)
    const before = sim.now
    wait(1000)
    expect(sim.now - before).toBeGreaterThan(3000)
  })

  test('plays the same history at any pace as a run without a screen', () => {
    const run = new Lesson(parseScenario('x.md', LESSON))
    run.playToEnd()
    const watched = open(LESSON, 0.25)
    for (let presses = 0; presses < 40 && !watched.lesson.isEnded; presses++) {
      watched.wait(700)
      if (presses % 5 === 0) watched.driver.faster()
      watched.driver.step()
    }
    expect(watched.lesson.isEnded).toBe(true)
    const times = (lesson: Lesson) =>
      lesson.results.map(({ startedMs, endedMs, output }) => [startedMs, endedMs, output])
    expect(times(watched.lesson)).toEqual(times(run))
  })

  test('time follows the wall clock at the speed chosen', () => {
    const { driver, wait, sim } = open('```console\n$ sim advance 1h\n```\n')
    wait(660)
    const slow = sim.now - sim.startMs
    driver.faster()
    driver.faster()
    expect(driver.view().speed).toBe('4x')
    const before = sim.now
    wait(660)
    expect(sim.now - before).toBe(4 * 660)
    expect(slow).toBeLessThan(2000)
    for (let i = 0; i < 20; i++) driver.slower()
    expect(driver.view().speed).toBe('0.1x')
  })

  test('pauses, and goes on by one step at a time', () => {
    const { driver, wait } = open(LESSON, 4)
    driver.togglePause()
    wait(10_000)
    expect(driver.view()).toMatchObject({ state: 'paused', step: 0 })
    driver.step()
    expect(driver.view()).toMatchObject({ state: 'playing', step: 1 })
    wait(10_000)
    expect(driver.view()).toMatchObject({ state: 'paused', step: 1 })
    expect(driver.view().steps[1]!.output).toBe('deployment.apps/web created\n')
  })

  test('hurries through a step that is asked to be over', () => {
    const { driver, wait } = open('```console\n$ sim advance 30s\n```\n')
    wait(66)
    driver.step()
    wait(66)
    wait(66)
    expect(driver.view().elapsed).toMatch(/^\+30\./)
  })

  test('after the lesson one step is the next change that can be seen', () => {
    const { driver, wait, lesson } = open(
      '```console\n$ kubectl create deployment web --image=nginx\n```\n',
      16,
    )
    wait(3000)
    driver.togglePause()
    lesson.cluster.kubectl('scale deployment/web --replicas=2')
    const before = driver.view()
    driver.step()
    expect(driver.view()).not.toBe(before)
    expect(driver.view().state).toBe('paused')
  })

  test('stops where something is not as the lesson says', () => {
    const { driver, wait } = open('```console\n$ kubectl get nodes\nnothing\n$ sim advance 1s\n```\n')
    wait(3000)
    const view = driver.view()
    expect(view).toMatchObject({ state: 'paused', step: 0, hasFailed: true })
    expect(view.steps[0]!.result?.failure?.expected).toBe('nothing')
  })

  test('tells of nothing while nothing changes', () => {
    const { driver, wait } = open(LESSON)
    driver.togglePause()
    let told = 0
    driver.subscribe(() => told++)
    wait(2000)
    expect(told).toBe(0)
  })

  test('hands on what is thrown, and stops', () => {
    const thrown: unknown[] = []
    const { driver, wait, sim } = open('```console\n$ sim advance 1h\n```\n', 1, error => thrown.push(error))
    wait(660)
    const bug = new Error('a broken belief')
    sim.root.schedule(
      100,
      sim.label('test'),
      () => {
        throw bug
      },
      undefined,
    )
    wait(6600)
    expect(thrown).toEqual([bug])
    expect(driver.view().state).toBe('playing')
  })
})

import { describe, expect, test } from 'vitest'
import { lessonLines } from './lesson-lines.ts'
import { podLine, podLines } from './node-lines.ts'
import { shortenName } from './pod-name.ts'
import { podTone } from './pod-view.ts'
import { renderProse } from './prose.ts'
import { outputMs, readingMs } from './reading-time.ts'
import { command, samplePod, samplePods } from './samples.testing.ts'
import { follow } from './scrolling.ts'
import { cellWidth, type Line, lineWidth, truncate } from './spans.ts'
import { SPEEDS, speedIndex } from './speeds.ts'
import { elapsedText } from './view-model.ts'

function plain(lines: readonly Line[]): string[] {
  return lines.map(line => line.map(({ text }) => text).join(''))
}

test.each([
  ['frontend-94b9786c9-82tch', 30, 'frontend-94b9786c9-82tch'],
  ['frontend-94b9786c9-82tch', 18, 'frontend-94b…82tch'],
  ['frontend-94b9786c9-82tch', 16, 'frontend…82tch'],
  ['frontend-94b9786c9-82tch', 11, 'front…82tch'],
  ['fluentd-x2x1z', 10, 'flue…x2x1z'],
  ['cassandra-12', 8, 'cassa…12'],
  ['averylongname', 6, 'avery…'],
])('the pod name %s in %i cells is %s', (name, cells, short) => {
  expect(shortenName(name, cells)).toBe(short)
  expect(cellWidth(short)).toBeLessThanOrEqual(cells)
})

test.each<[string, boolean, string]>([
  ['Running', true, 'row'],
  ['Running', false, 'pending'],
  ['Pending', false, 'pending'],
  ['ContainerCreating', false, 'pending'],
  ['Init:0/2', false, 'pending'],
  ['Init:CrashLoopBackOff', false, 'error'],
  ['CrashLoopBackOff', false, 'error'],
  ['ErrImagePull', false, 'error'],
  ['Evicted', false, 'error'],
  ['OOMKilled', false, 'error'],
  ['Terminating', true, 'killed'],
  ['Completed', false, 'completed'],
])('a pod that kubectl calls %s (ready: %s) has the colour of %s', (status, isReady, tone) => {
  expect(podTone(status, isReady)).toBe(tone)
})

test.each([
  [400, true, '+0.4s'],
  [32_040, false, '+32s'],
  [92_000, false, '+1m32s'],
  [3_601_000, false, '+1h0m1s'],
  [90_061_000, false, '+1d1h1m1s'],
])('%i ms since the start are written (tenths: %s) as %s', (ms, hasTenths, text) => {
  expect(elapsedText(ms, hasTenths)).toBe(text)
})

test('wide characters count two cells and are never cut in half', () => {
  expect(cellWidth('容器')).toBe(4)
  expect(cellWidth('🚀 go')).toBe(5)
  expect(truncate('容器启动', 6)).toBe('容器…')
})

describe('prose', () => {
  test('wraps paragraphs and hangs the lines of list items', () => {
    const text = '# Title\n\nOne two three\nfour five.\n\n- an item that wraps\n- short'
    expect(plain(renderProse(text, 14))).toEqual([
      'Title',
      '',
      'One two three',
      'four five.',
      '',
      '• an item that',
      '  wraps',
      '• short',
    ])
  })

  test('colours code, strong and emphasised words, and shows links by their text', () => {
    const [line = []] = renderProse('Run `kubectl get` **now**, *please*: [docs](https://x).', 80)
    expect(line.filter(({ tone }) => tone !== 'text')).toEqual([
      { text: 'kubectl get', tone: 'code' },
      { text: 'now', tone: 'strong' },
      { text: 'please', tone: 'emphasis' },
    ])
    expect(plain([line])).toEqual(['Run kubectl get now, please: docs.'])
  })

  test('leaves snake_case and lone asterisks alone', () => {
    expect(plain(renderProse('a_b_c and 2 * 3 * 4', 80))).toEqual(['a_b_c and 2 * 3 * 4'])
  })
})

describe('the pods of a node', () => {
  test('are all named while they fit', () => {
    expect(plain(podLines(samplePods(3), { columns: 40, rows: 3 }))).toHaveLength(3)
  })

  test('are counted beyond that, the unusual ones staying in sight', () => {
    const pods = [...samplePods(5), samplePod('db-0', 'CrashLoopBackOff')]
    const lines = plain(podLines(pods, { columns: 40, rows: 3 }))
    expect(lines[0]).toMatch(/✗ db-0 +CrashLoopBackOff/)
    expect(lines[2]).toBe('+4 more Running')
  })

  test('are one cell each when they are many, with counts above and the unusual ones below', () => {
    const pods = [...samplePods(50), samplePod('db-0', 'Error')]
    const lines = plain(podLines(pods, { columns: 30, rows: 4 }))
    expect(lines[0]).toBe('50 Running  1 Error')
    expect(lines[1]).toBe('●'.repeat(30))
    expect(lines[2]).toBe(`${'●'.repeat(20)}✗`)
    expect(lines[3]).toMatch(/✗ db-0 +Error/)
  })

  test.each([1, 2, 3, 5])('never take more than %i rows, however many they are', rows => {
    for (const count of [0, 1, 4, 10, 100, 5000]) {
      const lines = podLines(samplePods(count), { columns: 22, rows })
      expect(lines.length).toBeLessThanOrEqual(rows)
    }
  })

  test('keep status and the end of the name in 22 cells', () => {
    const line = podLine(samplePod('frontend-94b9786c9-82tch', 'ContainerCreating'), 22)
    expect(plain([line])).toEqual(['○ fr…82tch ContainerC…'])
    expect(lineWidth(line)).toBe(22)
  })

  test('give up the hash for the status, but not the name of the workload', () => {
    const line = podLine(samplePod('frontend-94b9786c9-82tch', 'ContainerCreating'), 34)
    expect(plain([line])).toEqual(['○ frontend…82tch ContainerCreating'])
  })

  test('show restarts and namespaces other than default', () => {
    const pod = samplePod('dns-1', 'Running', { restarts: 3, namespace: 'kube-system' })
    expect(plain([podLine(pod, 40)])[0]).toMatch(/^● kube-system\/dns-1 +Running ↻3$/)
  })
})

describe('the lesson', () => {
  test('marks the step under way and those that are done', () => {
    const { lines, ranges } = lessonLines([command('a', ''), command('b', 'out\n', 'current')], 40)
    expect(plain(lines)).toEqual(['✓ $ a', '▌ $ b', '▌ out'])
    expect(ranges).toEqual([
      { from: 0, to: 1 },
      { from: 1, to: 3 },
    ])
  })

  test('wraps long commands', () => {
    const { lines } = lessonLines([command('sim wait deployment/web --timeout=60s', '')], 22)
    expect(plain(lines)).toEqual(['✓ $ sim wait', '      deployment/web', '      --timeout=60s'])
  })

  test('says what came only where it is not what was printed', () => {
    const { lines } = lessonLines([command('a', 'x\n', 'current', 'y')], 60)
    expect(plain(lines)).toEqual(['▌ $ a', '▌ x', '▌ ✗ x.md:9: not as the lesson says', '▌ expected y'])
  })

  test('is shown from the beginning of a step that is longer than the room', () => {
    expect(follow({ from: 10, to: 40 }, 100, 20)).toBe(10)
    expect(follow({ from: 30, to: 33 }, 100, 20)).toBe(18)
    expect(follow(undefined, 100, 20)).toBe(80)
  })
})

test('prose waits in proportion to its length, within reason', () => {
  expect(readingMs('one two')).toBe(1500)
  expect(readingMs('word '.repeat(40))).toBe(2 * readingMs('word '.repeat(20)))
  expect(readingMs('word '.repeat(4000))).toBe(25_000)
  expect(outputMs('')).toBeLessThan(outputMs('a\nb\nc\n'))
})

test('a speed that is not on the list becomes the next slower one', () => {
  expect([0.01, 1, 3, 1e9].map(factor => SPEEDS[speedIndex(factor)]!.text)).toEqual([
    '0.1x',
    '1x',
    '2x',
    'max',
  ])
})

/**
 * Every lesson holds, and is the same run every time: in this process, in a fresh one, and as recorded in hashes.json.
 * After a wanted change of behaviour: `UPDATE_HASHES=1 npx vitest run test/golden`.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { Lesson, parseScenario } from '../../src/scenario/index.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const HASHES = new URL('./hashes.json', import.meta.url)
const lessons = readdirSync(`${ROOT}lessons`)
  .filter(name => name.endsWith('.md'))
  .sort()
const isUpdate = process.env.UPDATE_HASHES !== undefined
const present: Record<string, string> = {}
const recorded = isUpdate ? present : (JSON.parse(readFileSync(HASHES, 'utf8')) as Record<string, string>)

afterAll(() => {
  if (isUpdate) writeFileSync(HASHES, `${JSON.stringify(present, undefined, 2)}\n`)
})

function play(name: string, seed?: number): Lesson {
  const file = `lessons/${name}`
  const lesson = new Lesson(parseScenario(file, readFileSync(`${ROOT}${file}`, 'utf8')), {
    seed,
    adapters: { sha256: bytes => createHash('sha256').update(bytes).digest() },
  })
  lesson.playToEnd()
  return lesson
}

function digest(lesson: Lesson): string {
  return lesson.cluster.sim.trace.digest()
}

test('nine lessons or more are looked at', () => {
  expect(lessons.length).toBeGreaterThanOrEqual(9)
})

describe.each(lessons)('lesson %s', name => {
  const first = play(name)
  present[name] = digest(first)

  test('holds', () => {
    expect(first.failures).toEqual([])
  })

  test('is the same run again in the same process', () => {
    expect(digest(play(name))).toBe(digest(first))
  })

  test('is another run with another seed', () => {
    expect(digest(play(name, first.cluster.sim.seed + 1))).not.toBe(digest(first))
  })

  test('replays from its recording', () => {
    const { recording } = first.cluster
    expect(digest(first)).toBe(recording.sha256)
    expect(first.cluster.fork().sim.trace.digest()).toBe(recording.sha256)
  })

  test('is the run that was recorded', () => {
    expect(digest(first)).toBe(recorded[name])
  })
})

test('a fresh process plays the same runs', () => {
  const words = [
    '--import',
    'tsx',
    'src/cli/kubarium.ts',
    'run',
    '--json',
    ...lessons.map(name => `lessons/${name}`),
  ]
  const stdout = execFileSync(process.execPath, words, { cwd: ROOT, encoding: 'utf8' })
  const { files } = JSON.parse(stdout) as { files: { file: string; trace: { sha256: string } }[] }
  expect(files.map(({ trace }) => trace.sha256)).toEqual(lessons.map(name => present[name]))
})

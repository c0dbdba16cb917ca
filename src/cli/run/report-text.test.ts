import { expect, test } from 'vitest'
import { Lesson, parseScenario } from '../../scenario/index.ts'
import { Bug } from '../../sim/index.ts'
import { exitCodeOf } from './outcome.ts'
import type { FileResult } from './play-file.ts'
import { reportFile } from './report-text.ts'

const source = '---\ncluster: { nodes: 1, seed: 5 }\n---\nProse.\n\n```console\n$ sim advance 3s\n```\n'

test('a bug is told with seed, virtual time, last trace records and the command that shows it again', () => {
  const lesson = new Lesson(parseScenario('x.md', source))
  for (let i = 0; i < 5; i++) lesson.step()
  const error = new Bug('a lesson has an end')
  const result: FileResult = { file: 'x.md', title: 'x', lesson, error, isUpdated: false, wallMs: 1 }
  const report = reportFile(result, undefined)
  expect(exitCodeOf([result])).toBe(70)
  expect(report).toContain('BUG      x.md\nbug: Bug: a lesson has an end\n')
  expect(report).toMatch(/at x\.md:7, seed 5, virtual time 00:00:\d\d\.\d{3} \(\d+ events\)/)
  expect(report.match(/^ {4}#\d+ \d\d:\d\d:\d\d\.\d{3} \S+/gm)).toHaveLength(20)
  expect(report).toContain('see it again: npx kubarium run x.md --seed 5\n')
})

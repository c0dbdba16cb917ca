/**
 * `--update`: a scenario's text with the outputs that really came. Only lines under commands change; lines with
 * `...` stay where they still stand for what came.
 */
import { matchesLine, matchesOutput } from './output.ts'
import type { Scenario } from './parse.ts'
import type { StepResult } from './result.ts'

/** The new text; the same one when every expected output came. */
export function updatedSource(scenario: Scenario, results: readonly StepResult[]): string {
  const lines = scenario.source.split('\n')
  for (const { step, output } of results.toReversed()) {
    if (step.type !== 'command') continue
    const { expected, expectedLines } = step.command
    const actual = linesOf(output)
    if (matchesOutput(expected, actual)) continue
    const { from, to } = expectedLines
    lines.splice(from - 1, to - from, ...reconcile(expected, actual))
  }
  return lines.join('\n')
}

/**
 * What came, written the way it was expected as far as that still matches: `...` for lines is kept between lines that
 * are still there.
 */
export function reconcile(expected: readonly string[], actual: readonly string[]): string[] {
  const written: string[] = []
  let at = 0
  let isAnchored = true
  expected.forEach((line, i) => {
    if (line.trim() === '...') {
      if (!isAnchored) return
      const next = expected[i + 1]
      const resume = next === undefined ? actual.length : findLine(next, actual, at)
      if (resume === undefined) return
      written.push(line)
      at = resume
      return
    }
    const found = findLine(line, actual, at)
    isAnchored = found !== undefined
    if (found === undefined) return
    written.push(...actual.slice(at, found), line)
    at = found + 1
  })
  return [...written, ...actual.slice(at)]
}

function findLine(expected: string, actual: readonly string[], from: number): number | undefined {
  const found = actual.findIndex((line, i) => i >= from && matchesLine(expected.trimEnd(), line))
  return found < 0 ? undefined : found
}

function linesOf(output: string): string[] {
  const lines = output.split('\n').map(line => line.trimEnd())
  while (lines.length > 0 && lines.at(-1) === '') lines.pop()
  return lines
}

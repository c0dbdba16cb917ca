/**
 * The lesson as lines: prose, manifests, commands with what they printed, and what went otherwise than it says.
 * The gutter marks where the lesson stands.
 */
import type { StepView } from './lesson-pace.ts'
import { renderProse } from './prose.ts'
import { cellWidth, type Line, type Span, span } from './spans.ts'

/** Cells of the gutter. */
const GUTTER = 2

/** The lines of every step; steps are apart by an empty line unless they belong together. */
export interface LessonLines {
  readonly lines: readonly Line[]
  /** First and one past the last line of each step. */
  readonly ranges: readonly { readonly from: number; readonly to: number }[]
}

/** The same value for the same steps and width. */
export function lessonLines(steps: readonly StepView[], columns: number): LessonLines {
  if (cached?.steps === steps && cached.columns === columns) return cached.value
  const lines: Line[] = []
  const ranges: { from: number; to: number }[] = []
  steps.forEach((view, at) => {
    const before = steps[at - 1]
    if (before && isApart(before, view)) lines.push([])
    const from = lines.length
    lines.push(...stepLines(view, columns))
    ranges.push({ from, to: lines.length })
  })
  const value = { lines, ranges }
  cached = { steps, columns, value }
  return value
}
let cached: { steps: readonly StepView[]; columns: number; value: LessonLines } | undefined

/** Commands that printed nothing stand close together. */
function isApart(before: StepView, view: StepView): boolean {
  if (before.step.type !== 'command' || view.step.type !== 'command') return true
  return before.output !== '' || before.result?.failure !== undefined
}

const drawn = new WeakMap<StepView, { readonly columns: number; readonly lines: readonly Line[] }>()

function stepLines(view: StepView, columns: number): readonly Line[] {
  const before = drawn.get(view)
  if (before?.columns === columns) return before.lines
  const lines = content(view, columns - GUTTER).map((line, at) => [gutter(view, at === 0), ...line])
  drawn.set(view, { columns, lines })
  return lines
}

function gutter({ state, step, result, error }: StepView, isFirst: boolean): Span {
  if (state === 'current') return span('▌ ', error || result?.failure ? 'error' : 'modified')
  if (isFirst && result?.failure) return span('✗ ', 'error')
  const isAct = step.type === 'apply' || step.type === 'command'
  return isFirst && isAct && state === 'done' ? span('✓ ', 'completed') : span('  ')
}

function content(view: StepView, columns: number): Line[] {
  const { step, state } = view
  switch (step.type) {
    case 'prose': {
      const lines = renderProse(step.text, columns)
      return state === 'ahead' ? lines.map(dim) : lines
    }
    case 'shown':
      return trimBlank(step.text).map(line => [span(`  ${line}`, 'faint')])
    case 'apply': {
      const yaml = trimBlank(step.yaml).map((line): Line => [span('┊ ', 'frame'), ...yamlLine(line, view)])
      return [...command('kubectl apply -f -', view, columns), ...yaml, ...outcome(view, columns)]
    }
    case 'command':
      return [...command(step.text, view, columns), ...outcome(view, columns)]
  }
}

/** The command after its `$`; what does not fit goes on below, further in. */
function command(text: string, { state }: StepView, columns: number): Line[] {
  const tone = state === 'ahead' ? 'faint' : state === 'current' ? 'strong' : 'text'
  const rows: string[] = []
  for (const word of text.split(' ')) {
    const row = rows.at(-1)
    const indent = rows.length > 1 ? 4 : 2
    if (row !== undefined && indent + cellWidth(row) + 1 + cellWidth(word) <= columns) {
      rows[rows.length - 1] = `${row} ${word}`
    } else rows.push(word)
  }
  const prompt = span('$ ', state === 'ahead' ? 'faint' : 'prompt')
  return rows.map((row, at) => [at === 0 ? prompt : span('    '), span(row, tone)])
}

function yamlLine(line: string, { state }: StepView): Line {
  const match = state === 'current' ? /^(\s*(?:- )?[\w./-]+:)(.*)$/.exec(line) : null
  return match ? [span(match[1]!, 'row'), span(match[2]!, 'text')] : [span(line, 'faint')]
}

function outcome({ output, result, error, state }: StepView, columns: number): Line[] {
  const tone = state === 'current' ? 'row' : 'faint'
  const lines: Line[] = []
  if (output !== '') for (const line of output.replace(/\n$/, '').split('\n')) lines.push([span(line, tone)])
  if (result?.failure) {
    const { where, expected, actual, isOutput } = result.failure
    lines.push([span(`✗ ${where}: not as the lesson says`, 'error')])
    lines.push(...labelled('expected', expected))
    // What it printed stands above already.
    if (!isOutput) lines.push(...labelled('got', actual))
  }
  if (error) for (const line of error.split('\n')) lines.push(...renderProse(line, columns).map(tint))
  return lines
}

function labelled(label: string, text: string): Line[] {
  return text
    .split('\n')
    .map((line, at) => [
      span((at === 0 ? label : '').padEnd(9), 'pending'),
      span(line, label === 'got' ? 'error' : 'text'),
    ])
}

function tint(line: Line): Line {
  return line.map(({ text }) => span(text, 'error'))
}

function dim(line: Line): Line {
  return line.map(({ text }) => span(text, 'faint'))
}

/** The lines without blank ones at either end (a manifest has them so that its positions are the file's). */
function trimBlank(text: string): string[] {
  const lines = text.split('\n')
  while (lines.length > 0 && lines[0]!.trim() === '') lines.shift()
  while (lines.length > 0 && lines.at(-1)!.trim() === '') lines.pop()
  return lines
}

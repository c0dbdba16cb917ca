/**
 * A lesson as a transcript: its prose, its commands, what they really printed, and whether that was expected.
 */
import { clockTime, type Lesson, type Step, type StepResult } from '../../scenario/index.ts'
import { EXIT } from '../exit-codes.ts'
import { formatFailure } from './report-text.ts'

/** Plays what is left of a lesson. Gives the exit code. Throws UserError when a step cannot be carried out. */
export function playAsText(lesson: Lesson, print: (text: string) => void): number {
  print(`${lesson.scenario.title}\n${'='.repeat(lesson.scenario.title.length)}\n\n`)
  while (!lesson.isEnded) {
    const before = lesson.results.length
    print(announce(lesson.current!))
    while (lesson.results.length === before) lesson.step()
    print(conclude(lesson.results[before]!))
  }
  const { sim } = lesson.cluster
  const verdict = lesson.failures.length === 0 ? 'everything held' : `${lesson.failures.length} did not hold`
  print(`[${clockTime(sim)}] the end: ${verdict}\n`)
  return lesson.failures.length === 0 ? EXIT.held : EXIT.failed
}

function announce(step: Step): string {
  switch (step.type) {
    case 'prose':
      return `${step.text}\n\n`
    case 'shown':
      return `${indent(step.text)}\n\n`
    case 'apply':
      return `${indent(step.yaml.replace(/^\n+/, ''))}\n\n$ kubectl apply\n`
    case 'command':
      return `$ ${step.text}\n`
  }
}

function conclude({ step, output, failure, startedMs, endedMs }: StepResult): string {
  if (step.type === 'prose' || step.type === 'shown') return ''
  const took = endedMs - startedMs >= 1000 ? `[${clockTime({ now: endedMs })}]\n` : ''
  const complaint = failure ? formatFailure(failure) : ''
  return `${output}${complaint}${took}\n`
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '    ')
}

/**
 * A lesson played on a served cluster: people watch it with their own tools, so what does not hold is said and the
 * cluster goes on; a step that cannot be carried out ends the lesson and nothing else. Outputs are not compared: a
 * served cluster lives in the present, and they are full of times.
 */
import type { Lesson } from '../../scenario/index.ts'
import { type Playable, UserError } from '../../sim/index.ts'
import { formatFailure } from '../run/report-text.ts'

/** What time passes for; `tell` hears each broken expectation, and the end. */
export function playedLesson(lesson: Lesson, tell: (text: string) => void): Playable {
  let seen = 0
  let isOver = false
  const hear = () => {
    const { failure } = lesson.results[seen++]!
    if (failure && !failure.isOutput) tell(formatFailure(failure))
    if (!lesson.isEnded) return
    isOver = true
    const count = lesson.failures.filter(({ isOutput }) => !isOutput).length
    tell(
      `The lesson is over: ${count === 0 ? 'it holds' : `${count} of ${lesson.steps.length} steps do not hold`}.\n`,
    )
  }
  const step = (untilMs: number): boolean => {
    if (isOver) return lesson.cluster.sim.step(untilMs)
    try {
      const hasStepped = lesson.step(untilMs)
      if (lesson.results.length > seen) hear()
      return hasStepped
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      isOver = true
      tell(`${error}\nThe lesson ends here.\n`)
      return true
    }
  }
  return { step, hasStopped: () => false }
}

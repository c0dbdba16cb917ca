/**
 * A lesson at a person's pace: prose waits to be read, what a command printed is left standing for a moment, and
 * virtual time passes only while a step needs it. So a lesson watched has the history of a lesson run.
 */
import type { Lesson, Step, StepResult } from '../../scenario/index.ts'
import { type Pacer, type Playable, UserError } from '../../sim/index.ts'
import { outputMs, readingMs } from './reading-time.ts'

/** A step as the screen shows it. */
export interface StepView {
  readonly step: Step
  readonly state: 'ahead' | 'current' | 'done'
  /** What it has printed so far, with newlines. */
  readonly output: string
  readonly result: StepResult | undefined
  /** Why it could not be carried out. */
  readonly error: string | undefined
}

export type Phase = 'reading' | 'acting' | 'over'

/** Most loop events of one tick, and how many there are between two looks at the time. */
const EVENTS_PER_TICK = 50_000
const EVENTS_PER_LOOK = 64

export class LessonPace {
  readonly #lesson: Lesson
  readonly #pacer: Pacer
  #phase: Phase = 'reading'
  /** The step that the person looks at; one past the last when the lesson is over. */
  #cursor = 0
  #wholeMs = 0
  #leftMs = 0
  #error: string | undefined
  #views: readonly StepView[] = []

  constructor(lesson: Lesson, pacer: Pacer) {
    this.#lesson = lesson
    this.#pacer = pacer
    this.#enter(0)
  }

  get phase(): Phase {
    return this.#phase
  }

  get cursor(): number {
    return this.#cursor
  }

  /** How much of the reading time is over, in eighths; undefined unless reading. */
  get readEighths(): number | undefined {
    return this.#phase === 'reading' ? Math.floor((1 - this.#leftMs / this.#wholeMs) * 8) : undefined
  }

  get hasFailed(): boolean {
    return this.#error !== undefined || this.#lesson.failures.length > 0
  }

  /** Every step; views that did not change are the same objects. */
  get steps(): readonly StepView[] {
    const { steps, results, output } = this.#lesson
    const views = steps.map((step, at): StepView => {
      const result = results[at]
      const isCurrent = at === this.#cursor
      const isUnderWay = at === results.length && this.#phase === 'acting'
      const before = this.#views[at]
      const view: StepView = {
        step,
        state: isCurrent ? 'current' : at < this.#cursor ? 'done' : 'ahead',
        output: result?.output ?? (isUnderWay ? output : ''),
        result,
        error: at === results.length ? this.#error : undefined,
      }
      return before && isSame(before, view) ? before : view
    })
    if (views.some((view, at) => view !== this.#views[at])) this.#views = views
    return this.#views
  }

  /**
   * Lets `realMs` of wall time do what it does, as far as it can before `isLate`. Gives true when a step failed just
   * now.
   */
  tick(realMs: number, isLate: () => boolean): boolean {
    if (this.#phase === 'over') {
      const { sim } = this.#lesson.cluster
      this.#play(realMs, { step: untilMs => sim.step(untilMs), hasStopped: () => false }, isLate)
      return false
    }
    if (this.#phase === 'acting') return this.#act(realMs, isLate)
    // Slow motion is for looking at the cluster; nobody wants to read slower.
    this.#leftMs -= realMs * Math.max(this.#pacer.factor, 1)
    if (this.#leftMs <= 0) this.next()
    return false
  }

  /** A busy cluster slows down rather than keep the keyboard waiting. */
  #play(realMs: number, { step, hasStopped }: Playable, isLate: () => boolean): void {
    let steps = 0
    this.#pacer.tick(realMs, EVENTS_PER_TICK, {
      step,
      hasStopped: () => hasStopped() || (++steps % EVENTS_PER_LOOK === 0 && isLate()),
    })
  }

  /** Ends the reading and goes on to the next step. */
  next(): void {
    if (this.#phase !== 'reading') return
    const { cluster, results } = this.#lesson
    if (results.length === this.#cursor) this.#lesson.step(cluster.sim.now)
    this.#enter(this.#cursor + 1)
  }

  #enter(index: number): void {
    this.#cursor = index
    const step = this.#lesson.steps[index]
    if (!step) this.#phase = 'over'
    else if (step.type === 'prose' || step.type === 'shown') this.#read(readingMs(step.text))
    else this.#phase = 'acting'
  }

  #read(ms: number): void {
    this.#phase = 'reading'
    this.#wholeMs = ms
    this.#leftMs = ms
  }

  #act(realMs: number, isLate: () => boolean): boolean {
    const lesson = this.#lesson
    const hasStopped = () => lesson.results.length > this.#cursor
    try {
      this.#play(realMs, { step: untilMs => lesson.step(untilMs), hasStopped }, isLate)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      this.#error = String(error)
      this.#phase = 'over'
      return true
    }
    const result = lesson.results[this.#cursor]
    if (!result) return false
    this.#read(outputMs(result.output))
    return result.failure !== undefined
  }
}

function isSame(a: StepView, b: StepView): boolean {
  return a.state === b.state && a.output === b.output && a.result === b.result && a.error === b.error
}

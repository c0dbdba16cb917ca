/**
 * Lets a lesson and its cluster run at the pace of the wall clock and tells the screen when something changed. The
 * only place of the terminal UI that knows real time, which is handed in.
 */
import type { Lesson } from '../../scenario/index.ts'
import { Pacer } from '../../sim/index.ts'
import { ClusterFeed } from './cluster-feed.ts'
import { LessonPace } from './lesson-pace.ts'
import { SPEEDS, speedIndex } from './speeds.ts'
import { clockText, elapsedText, newer, type ViewModel } from './view-model.ts'

/** Real time, as a value. */
export interface WallClock {
  /** Ms from any fixed moment. */
  now(): number
  /** Calls back again and again; gives the function that ends it. */
  every(ms: number, callback: () => void): () => void
}

export interface DriverOptions {
  readonly clock: WallClock
  /** Virtual ms a real ms at first; 1 unless given. */
  readonly speed?: number
  /** Told of what is thrown while time passes: the run is over then. */
  readonly onError?: (error: unknown) => void
}

/** About 15 frames a second. */
const FRAME_MS = 66
/** Of which the cluster may take this much. */
const WORK_MS = 40
/** Longest stretch of real time made up for at once: after a suspension the cluster does not jump. */
const MOST_REAL_MS = 250
/** How far "step" looks for the next change worth seeing, once the lesson is over. */
const STEP_HORIZON_MS = 600_000
const STEP_EVENTS = 200_000

export class Driver {
  readonly #lesson: Lesson
  readonly #clock: WallClock
  readonly #pacer: Pacer
  readonly #pace: LessonPace
  readonly #feed: ClusterFeed
  readonly #onError: (error: unknown) => void
  readonly #listeners = new Set<() => void>()
  #speed: number
  #isPaused = false
  /** Time passes although paused, until the step under way is over. */
  #isStepping = false
  /** The step under way is to be over as soon as can be. */
  #isHurrying = false
  #lastMs: number
  #down: readonly string[] = []
  #view: ViewModel
  #stop: (() => void) | undefined

  constructor(lesson: Lesson, options: DriverOptions) {
    this.#lesson = lesson
    this.#clock = options.clock
    this.#speed = speedIndex(options.speed ?? 1)
    this.#onError =
      options.onError ??
      (error => {
        throw error
      })
    this.#pacer = new Pacer(lesson.cluster.sim, SPEEDS[this.#speed]!.factor)
    this.#pace = new LessonPace(lesson, this.#pacer)
    this.#feed = new ClusterFeed(lesson.cluster)
    this.#lastMs = this.#clock.now()
    this.#view = this.#look()
  }

  /** The latest view; the same value until something changes. */
  readonly view = (): ViewModel => this.#view

  /** Calls back whenever {@link view} has changed. Gives the function that ends it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  start(): void {
    this.#lastMs = this.#clock.now()
    this.#stop ??= this.#clock.every(FRAME_MS, () => this.#tick())
  }

  stop(): void {
    this.#stop?.()
    this.#stop = undefined
  }

  togglePause(): void {
    this.#isPaused = !this.#isPaused
    this.#isStepping = false
    this.#publish()
  }

  faster(): void {
    this.#setSpeed(this.#speed + 1)
  }

  slower(): void {
    this.#setSpeed(this.#speed - 1)
  }

  /** Goes on by one: the next step of the lesson, or after it the next change that can be seen. */
  step(): void {
    this.#guard(() => {
      if (this.#pace.phase === 'over') this.#stepCluster()
      else if (this.#isActing) {
        if (this.#isPaused && !this.#isStepping) this.#isStepping = true
        else this.#isHurrying = true
      } else {
        this.#pace.next()
        this.#isStepping = this.#isPaused && this.#isActing
      }
      this.#publish()
    })
  }

  #tick(): void {
    const nowMs = this.#clock.now()
    const realMs = Math.min(nowMs - this.#lastMs, MOST_REAL_MS)
    this.#lastMs = nowMs
    this.#guard(() => {
      if (!this.#isPaused || this.#isStepping) this.#run(realMs)
      this.#publish()
    })
  }

  #run(realMs: number): void {
    this.#pacer.factor = this.#isHurrying ? SPEEDS.at(-1)!.factor : SPEEDS[this.#speed]!.factor
    const wasActing = this.#isActing
    const deadlineMs = this.#clock.now() + WORK_MS
    if (this.#pace.tick(realMs, () => this.#clock.now() > deadlineMs)) this.#isPaused = true
    if (!wasActing || this.#isActing) return
    this.#isStepping = false
    this.#isHurrying = false
  }

  get #isActing(): boolean {
    return this.#pace.phase === 'acting'
  }

  #stepCluster(): void {
    const { sim } = this.#lesson.cluster
    const untilMs = sim.now + STEP_HORIZON_MS
    for (let i = 0; i < STEP_EVENTS && !this.#feed.hasNews; i++) {
      if (!sim.step(untilMs)) break
    }
  }

  #setSpeed(index: number): void {
    this.#speed = Math.min(Math.max(index, 0), SPEEDS.length - 1)
    this.#publish()
  }

  #guard(act: () => void): void {
    try {
      act()
    } catch (error) {
      this.stop()
      this.#onError(error)
    }
  }

  #publish(): void {
    this.#feed.refresh(this.#clock.now())
    const view = newer(this.#view, this.#look())
    if (view === this.#view) return
    this.#view = view
    for (const listener of this.#listeners) listener()
  }

  #look(): ViewModel {
    const { cluster, scenario } = this.#lesson
    const { sim } = cluster
    const feed = this.#feed
    const pace = this.#pace
    const { text, factor } = SPEEDS[this.#speed]!
    return {
      title: scenario.title,
      seed: sim.seed,
      state: this.#state(),
      speed: text,
      elapsed: elapsedText(sim.now - sim.startMs, factor <= 1),
      clock: clockText(sim.now),
      startMs: sim.startMs,
      down: this.#crashed(),
      nodesReady: feed.nodesReady,
      nodesTotal: feed.nodes.length,
      podsReady: feed.podsReady,
      podsTotal: feed.podsTotal,
      nodes: feed.nodes,
      unscheduled: feed.unscheduled,
      events: feed.events,
      steps: pace.steps,
      step: pace.cursor,
      readEighths: pace.readEighths,
      hasFailed: pace.hasFailed,
    }
  }

  #state(): ViewModel['state'] {
    if (this.#isPaused && !this.#isStepping) return 'paused'
    const { phase } = this.#pace
    return phase === 'over' ? 'live' : phase === 'acting' ? 'playing' : 'reading'
  }

  #crashed(): readonly string[] {
    const { etcd, apiServer, scheduler, controllerManager } = this.#lesson.cluster.world.controlPlane
    const parts = [etcd, apiServer, scheduler, controllerManager]
    const down = parts.filter(part => !part.isUp).map(part => part.name)
    if (down.join() !== this.#down.join()) this.#down = down
    return this.#down
  }
}

/**
 * Virtual time at the pace of the wall clock, for a cluster that is asked things from outside. Executes what is due
 * in slices, so that sockets are looked after between them, and sleeps until the next event is.
 */
import { setTimeout as after } from 'node:timers'
import type { Playable, Simulation } from '../sim/index.ts'

/** Virtual ms a real ms; `max` is as fast as the loop runs. */
export type Speed = number | 'max'

/** Real ms of one slice: what a socket may have to wait. */
const SLICE_MS = 8
/** The longest sleep; timers beyond are looked at again. */
const NAP_MS = 1000
/** Real time that is made up for when the process was stopped or too slow; what is beyond is dropped. */
const MOST_OWED_MS = { realtime: 24 * 3_600_000, faster: 1000 } as const

/** Whose time passes; its loop is another one after a rewind. */
interface Timed {
  readonly sim: Simulation
}

export class Pace {
  readonly #timed: Timed
  readonly #playable: Playable
  readonly #usualSpeed: Speed
  #speed: Speed
  /** Those outside who are being waited for. */
  #holds = 0
  readonly #failed: (error: unknown) => void
  /** Virtual time `#virtualMs` belongs to real time `#realMs`. */
  #realMs = 0
  #virtualMs = 0
  readonly #lookers: (() => void)[] = []
  #isRunning = false
  #nap: NodeJS.Timeout | undefined
  #next: NodeJS.Immediate | undefined

  /** `failed` hears of a bug under the loop; time stands still then. */
  constructor(
    timed: Timed,
    speed: Speed,
    failed: (error: unknown) => void,
    playable: Playable = { step: untilMs => timed.sim.step(untilMs), hasStopped: () => false },
  ) {
    this.#timed = timed
    this.#playable = playable
    this.#usualSpeed = speed
    this.#speed = speed
    this.#failed = failed
  }

  start(): void {
    this.#isRunning = true
    this.#countFromHere()
    this.#wake()
  }

  stop(): void {
    this.#isRunning = false
    clearTimeout(this.#nap)
    clearImmediate(this.#next)
  }

  /** The clock has been turned back: time passes from there. */
  rewound(): void {
    this.#countFromHere()
    this.nudge()
  }

  /** Calls `look` whenever time has passed, and once at the start: what it sees may have changed. It changes nothing. */
  whenPassed(look: () => void): void {
    this.#lookers.push(look)
  }

  /** Brings the clock to the present before something enters; what is due is executed first, within reason. */
  catchUp(): void {
    if (this.#isRunning) this.#advance()
  }

  /** From now until {@link release} time goes no faster than outside: somebody there has a deadline in here. */
  hold(): void {
    if (this.#holds++ === 0 && this.#usualSpeed !== 1) {
      this.#changeSpeed(this.#usualSpeed === 'max' ? 1 : Math.min(1, this.#usualSpeed))
    }
  }

  release(): void {
    if (--this.#holds === 0 && this.#speed !== this.#usualSpeed) this.#changeSpeed(this.#usualSpeed)
  }

  #changeSpeed(speed: Speed): void {
    this.#countFromHere()
    this.#speed = speed
    this.nudge()
  }

  /** What is owed is let go of: the present moment outside is this one in here. */
  #countFromHere(): void {
    this.#virtualMs = this.#timed.sim.now
    this.#realMs = performance.now()
  }

  /** Something has entered: what it set off is looked at soon. */
  nudge(): void {
    if (!this.#isRunning || this.#next) return
    this.#next = setImmediate(() => this.#wake())
  }

  #wake(): void {
    clearTimeout(this.#nap)
    clearImmediate(this.#next)
    this.#nap = undefined
    this.#next = undefined
    if (!this.#isRunning) return
    const isDone = this.#advance()
    for (const look of this.#lookers) look()
    if (!isDone) {
      this.#next = setImmediate(() => this.#wake())
      return
    }
    if (!this.#isRunning) return
    this.#nap = after(() => this.#wake(), this.#napMs())
  }

  /** Executes what is due, for one slice at most. False when more is. */
  #advance(): boolean {
    const startedMs = performance.now()
    const untilMs = this.#dueMs(startedMs)
    const speed = this.#speed
    const { sim } = this.#timed
    try {
      for (let count = 1; ; count++) {
        if (!this.#playable.step(untilMs)) break
        if (this.#speed !== speed || this.#timed.sim !== sim) return false
        // The clock is not free: looked at now and then.
        if (count % 16 === 0 && performance.now() - startedMs > SLICE_MS) return false
      }
      if (Number.isFinite(untilMs) && untilMs > sim.now) sim.skipTo(untilMs)
      return true
    } catch (error) {
      this.stop()
      this.#failed(error)
      return true
    }
  }

  /** The virtual time that belongs to a moment of real time. */
  #dueMs(realMs: number): number {
    if (this.#speed === 'max') return Number.POSITIVE_INFINITY
    const mostOwedMs = this.#speed === 1 ? MOST_OWED_MS.realtime : MOST_OWED_MS.faster
    const dueMs = this.#virtualMs + (realMs - this.#realMs) * this.#speed
    const tooMuchMs = dueMs - this.#timed.sim.now - mostOwedMs * this.#speed
    if (tooMuchMs <= 0) return Math.max(this.#timed.sim.now, Math.floor(dueMs))
    this.#realMs = realMs
    this.#virtualMs = dueMs - tooMuchMs
    return Math.floor(this.#virtualMs)
  }

  #napMs(): number {
    const nextMs = this.#timed.sim.nextEventMs()
    if (nextMs === undefined || this.#speed === 'max') return NAP_MS
    const realMs = this.#realMs + (nextMs - this.#virtualMs) / this.#speed
    return Math.min(NAP_MS, Math.max(1, Math.ceil(realMs - performance.now())))
  }
}

/**
 * The loop: virtual time in whole milliseconds, one event after another, the same for the same seed.
 * Nothing in here or above it (below the front ends) knows the wall clock.
 */
import { assert, Bug } from './errors.ts'
import { EventQueue, type Timer } from './event-queue.ts'
import { LIMITS } from './limits.ts'
import { RandomStream } from './random.ts'
import { Scope } from './scope.ts'
import type { Sha256 } from './sha256.ts'
import { type Cause, type Label, type Subject, Trace } from './trace.ts'

/** 2026-01-01T00:00:00Z: when every simulated world begins. */
export const EPOCH_MS = Date.UTC(2026, 0, 1)

export interface SimulationOptions {
  /** Any 32-bit integer. */
  readonly seed: number
  /** Milliseconds since the Unix epoch at which the clock starts; {@link EPOCH_MS} unless given. */
  readonly startMs?: number
  /** A faster SHA-256 than the portable one; must give the same digests. */
  readonly sha256?: Sha256
}

export class Simulation {
  readonly seed: number
  readonly startMs: number
  readonly trace: Trace
  /** The lifetime of the whole world. */
  readonly root: Scope
  readonly #queue = new EventQueue()
  readonly #streams = new Map<string, RandomStream>()
  #now: number
  #cause: Cause = 0
  #lastEvent: Cause = 0
  #events = 0
  #changes = 0
  #sameMs = 0

  constructor(options: SimulationOptions) {
    this.seed = options.seed | 0
    this.startMs = options.startMs ?? EPOCH_MS
    assert(Number.isInteger(this.startMs), 'the clock counts whole milliseconds')
    this.#now = this.startMs
    this.trace = new Trace(options.sha256)
    this.root = new Scope(this, 'world')
  }

  /** Virtual time, in whole milliseconds since the Unix epoch. */
  get now(): number {
    return this.#now
  }

  /** The trace record that what happens now is caused by. */
  get cause(): Cause {
    return this.#cause
  }

  /** Events executed so far. */
  get events(): number {
    return this.#events
  }

  /** The trace record of the event executed last. */
  get lastEvent(): Cause {
    return this.#lastEvent
  }

  /** Counts {@link markChanged}; `runUntil` looks at its predicate only when this moved. */
  get changes(): number {
    return this.#changes
  }

  /** Says that something a predicate could see has changed: a commit, a cache. */
  markChanged(): void {
    this.#changes++
  }

  /** Virtual time as RFC 3339 with seconds, the way Kubernetes writes `metav1.Time`. */
  timestamp(): string {
    return formatTime(this.#now)
  }

  label(name: string): Label {
    return this.trace.label(name)
  }

  subject(name: string): Subject {
    return this.trace.subject(name)
  }

  /** The random stream of that name, forked from the seed; always the same stream for one name. */
  random(name: string): RandomStream {
    let stream = this.#streams.get(name)
    if (!stream) {
      stream = new RandomStream(this.seed, name)
      this.#streams.set(name, stream)
    }
    return stream
  }

  /** Writes a trace record without an event of its own and returns its number, to serve as a cause. */
  note(label: Label, subject: Subject = 0, detail = 0, cause: Cause = this.#cause): Cause {
    return this.trace.add(this.#now, label, subject, detail, cause)
  }

  /** Makes `cause` the cause of what comes next and gives the one before, which must be put back. */
  exchangeCause(cause: Cause): Cause {
    const before = this.#cause
    this.#cause = cause
    return before
  }

  /** Runs `act` with `cause` as the cause of whatever it schedules or notes. */
  because<T>(cause: Cause, act: () => T): T {
    const before = this.#cause
    this.#cause = cause
    try {
      return act()
    } finally {
      this.#cause = before
    }
  }

  /** See {@link Scope.schedule}; components use their scope's. */
  scheduleFor<A>(
    owner: Scope | undefined,
    delayMs: number,
    label: Label,
    run: (argument: A) => void,
    argument: A,
    subject: Subject,
    cause: Cause,
  ): Timer {
    assert(delayMs >= 0 && Number.isInteger(delayMs), 'delays are whole milliseconds, never negative')
    const timer: Timer = { atMs: this.#now + delayMs, label, subject, cause, owner, run, argument }
    this.#queue.push(timer)
    return timer
  }

  /** Makes sure that it never fires; safe for one that has fired, or none. */
  cancel(timer: Timer | undefined): void {
    if (!timer) return
    timer.run = undefined
    timer.argument = undefined
  }

  /** When the next event is due; undefined when nothing will ever happen. */
  nextEventMs(): number | undefined {
    return this.#queue.peekMs()
  }

  /** Executes the next event if it is due at or before `untilMs`. */
  step(untilMs: number = Number.POSITIVE_INFINITY): boolean {
    const timer = this.#queue.pop(untilMs)
    if (!timer) return false
    if (timer.atMs !== this.#now) {
      assert(timer.atMs > this.#now, 'time never goes back')
      this.#now = timer.atMs
      this.#sameMs = 0
    } else if (++this.#sameMs > LIMITS.eventsPerMillisecond) {
      throw new Bug(`more than ${LIMITS.eventsPerMillisecond} events in one virtual millisecond: a livelock`)
    }
    this.#events++
    this.#lastEvent = this.trace.add(timer.atMs, timer.label, timer.subject, 0, timer.cause)
    this.#cause = this.#lastEvent
    const { argument } = timer
    const run = timer.run as (argument: unknown) => void
    timer.run = undefined
    timer.argument = undefined
    try {
      run(argument)
    } finally {
      this.#cause = 0
    }
    return true
  }

  /** Lets `ms` of virtual time pass. */
  advance(ms: number): void {
    assert(ms >= 0 && Number.isInteger(ms), 'time advances by whole milliseconds')
    const until = this.#now + ms
    let budget = LIMITS.eventsPerRun
    while (this.step(until)) {
      if (--budget < 0) throw new Bug(`more than ${LIMITS.eventsPerRun} events in one run`)
    }
    this.#now = until
  }

  /** Moves the clock to `atMs` within a quiet stretch; events due by then are not executed but still to come. */
  skipTo(atMs: number): void {
    assert(atMs >= this.#now, 'time never goes back')
    const nextMs = this.nextEventMs()
    assert(nextMs === undefined || nextMs >= atMs, 'a quiet stretch has no events')
    this.#now = atMs
  }

  /**
   * Runs until `predicate` holds, at most `withinMs`. Stops exactly after the event that made it true; gives
   * false, with `withinMs` passed, when it never came true.
   */
  runUntil(predicate: () => boolean, withinMs: number): boolean {
    if (predicate()) return true
    assert(withinMs >= 0 && Number.isInteger(withinMs), 'time advances by whole milliseconds')
    const until = this.#now + withinMs
    let seen = this.#changes
    let budget = LIMITS.eventsPerRun
    while (this.step(until)) {
      if (--budget < 0) throw new Bug(`more than ${LIMITS.eventsPerRun} events in one run`)
      if (this.#changes === seen) continue
      seen = this.#changes
      if (predicate()) return true
    }
    this.#now = until
    return false
  }
}

/** `2026-01-01T00:00:00Z` for a time in milliseconds. */
export function formatTime(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const place = seconds & (KNOWN_TIMES - 1)
  if (knownSeconds[place] !== seconds) {
    knownTexts[place] = `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`
    knownSeconds[place] = seconds
  }
  return knownTexts[place]!
}
/** Some seconds around now are asked for again and again: of creations, of deadlines. A power of two. */
const KNOWN_TIMES = 256
const knownSeconds = new Float64Array(KNOWN_TIMES).fill(Number.NaN)
const knownTexts: string[] = new Array(KNOWN_TIMES).fill('')

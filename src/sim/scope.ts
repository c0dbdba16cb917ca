/**
 * The lifetime of a component's incarnation. Whatever it schedules or spawns dies with it: closing a scope is
 * how a crash is made.
 */
import type { Timer } from './event-queue.ts'
import { Process, type Routine } from './process.ts'
import type { Simulation } from './simulation.ts'
import type { Cause, Label, Subject } from './trace.ts'

export class Scope {
  readonly sim: Simulation
  readonly name: string
  #isAlive = true
  #parent: Scope | undefined
  readonly #children = new Set<Scope>()
  /** The living processes in the order of their start, linked to each other: most end soon, in any order. */
  #firstProcess: Process<unknown> | undefined
  #lastProcess: Process<unknown> | undefined

  constructor(sim: Simulation, name: string, parent?: Scope) {
    this.sim = sim
    this.name = name
    this.#parent = parent
  }

  get isAlive(): boolean {
    return this.#isAlive
  }

  /** A scope that closes with this one, or before it. */
  child(name: string): Scope {
    const child = new Scope(this.sim, name, this)
    if (!this.#isAlive) child.#isAlive = false
    else this.#children.add(child)
    return child
  }

  /** Runs `run(argument)` after `delayMs`, unless this scope is closed by then or the timer cancelled. */
  schedule<A>(
    delayMs: number,
    label: Label,
    run: (argument: A) => void,
    argument: A,
    subject: Subject = 0,
    cause: Cause = this.sim.cause,
  ): Timer {
    return this.sim.scheduleFor(this, delayMs, label, run, argument, subject, cause)
  }

  /**
   * Starts a process now; it is killed when the scope closes. `done` receives what it returns. In a closed scope
   * nothing starts: the process given is ended already. With a `cause` all it does has that cause (a request's
   * story); otherwise each step is caused by what woke it (a program's).
   */
  spawn<T>(label: Label, routine: Routine<T>, done?: (result: T) => void, cause?: Cause): Process<T> {
    const process = new Process<T>(this, label, routine, done, cause)
    if (!this.#isAlive) {
      process.kill()
      return process
    }
    this.#remember(process as Process<unknown>)
    process.start()
    return process
  }

  #remember(process: Process<unknown>): void {
    process.before = this.#lastProcess
    if (this.#lastProcess) this.#lastProcess.after = process
    else this.#firstProcess = process
    this.#lastProcess = process
  }

  /** A process has ended; one that was never remembered is no neighbour of any. */
  forget(process: Process<unknown>): void {
    const { before, after } = process
    if (before) before.after = after
    else if (this.#firstProcess === process) this.#firstProcess = after
    if (after) after.before = before
    else if (this.#lastProcess === process) this.#lastProcess = before
    process.before = undefined
    process.after = undefined
  }

  /** Ends everything in it, at once and for good. */
  close(): void {
    if (!this.#isAlive) return
    this.#isAlive = false
    while (this.#firstProcess) this.#firstProcess.kill()
    for (const child of this.#children) child.close()
    this.#children.clear()
    if (this.#parent) this.#parent.#children.delete(this)
    this.#parent = undefined
  }
}

/**
 * The lifetime of a component's incarnation. Whatever it schedules or spawns dies with it: closing a scope is
 * how a crash is made.
 */
import { Chain } from './chain.ts'
import type { Timer } from './event-queue.ts'
import { Process, type Routine } from './process.ts'
import type { Simulation } from './simulation.ts'
import type { Cause, Label, Subject } from './trace.ts'

export class Scope {
  readonly sim: Simulation
  readonly name: string
  #isAlive = true
  #parent: Scope | undefined
  readonly #children = new Chain<Scope>()
  /** The living ones in the order of their start: most end soon, in any order. */
  readonly #processes = new Chain<Process<unknown>>()
  /** Its neighbours among the living children of its parent, which alone changes them. */
  before: Scope | undefined
  after: Scope | undefined

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
   * story); otherwise each step is caused by what woke it (a program's). `recover` makes a result of what it throws.
   */
  spawn<T>(
    label: Label,
    routine: Routine<T>,
    done?: (result: T) => void,
    cause?: Cause,
    recover?: (error: unknown) => T,
  ): Process<T> {
    const process = new Process<T>(this, label, routine, done, cause, recover)
    if (!this.#isAlive) {
      process.kill()
      return process
    }
    this.#processes.add(process as Process<unknown>)
    process.start()
    return process
  }

  /** A process has ended, even one that was never let in. */
  forget(process: Process<unknown>): void {
    this.#processes.remove(process)
  }

  /** Ends everything in it, at once and for good. */
  close(): void {
    if (!this.#isAlive) return
    this.#isAlive = false
    if (this.#parent) this.#parent.#children.remove(this)
    this.#parent = undefined
    while (this.#processes.first) this.#processes.first.kill()
    while (this.#children.first) this.#children.first.close()
  }
}

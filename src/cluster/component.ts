/**
 * Something that can crash and come back: a name, what makes a new incarnation of it, and the lifetime of the
 * present one. Closing that lifetime is the crash; nothing else has to be undone.
 */
import type { Wire } from '../client/index.ts'
import { assert, type Label, type Scope } from '../sim/index.ts'

/** From the exit of a static pod's container to its restart. */
const RESTART_MS = 1000

export class Component<T> {
  /** Its name on the wire: `kube-scheduler`, `node-1`. */
  readonly name: string
  readonly #world: Scope
  readonly #wire: Wire
  readonly #build: (scope: Scope) => T
  readonly #restartLabel: Label
  /** Called after a start. */
  onStart: (() => void) | undefined
  /** Called after a crash. */
  onCrash: (() => void) | undefined
  #scope: Scope | undefined
  #present: T | undefined

  constructor(world: Scope, wire: Wire, name: string, build: (scope: Scope) => T) {
    this.#world = world
    this.#wire = wire
    this.name = name
    this.#build = build
    this.#restartLabel = world.sim.label('kubelet/restart-static-pod')
  }

  /** The present incarnation; undefined while it is down. */
  get present(): T | undefined {
    return this.#present
  }

  get isUp(): boolean {
    return this.#present !== undefined
  }

  /** Starts a new incarnation with empty memory. */
  start(): T {
    assert(!this.isUp, `${this.name} starts when it is down`)
    this.#scope = this.#world.child(this.name)
    const present = this.#build(this.#scope)
    this.#present = present
    this.onStart?.()
    return present
  }

  /** The process exits; the control plane's own kubelet starts it again a little later. */
  exit(): void {
    this.crash()
    const startAgain = () => {
      if (!this.isUp) this.start()
    }
    this.#world.schedule(RESTART_MS, this.#restartLabel, startAgain, undefined)
  }

  /** Ends the present incarnation where it stands. */
  crash(): void {
    assert(this.#scope && this.isUp, `${this.name} crashes when it is up`)
    this.#present = undefined
    this.#scope.close()
    this.#scope = undefined
    this.#wire.disconnect(this.name)
    this.onCrash?.()
  }
}

/** What can go wrong, by hand: crashes of nodes and components, links cut or slowed. Each is a recorded input. */
import type { Input } from './recording.ts'

export class Faults {
  readonly #enter: (input: Input) => unknown

  constructor(enter: (input: Input) => unknown) {
    this.#enter = enter
  }

  /** Power off: a node (`node-2`) with all that runs on it, or `etcd`, `kube-apiserver`, `kube-scheduler`, ... */
  crash(target: string): void {
    this.#enter({ do: 'crash', target })
  }

  /** Power on again. */
  recover(target: string): void {
    this.#enter({ do: 'recover', target })
  }

  /** Cuts the link between two endpoints, or every link of one. */
  cut(a: string, b?: string): void {
    this.#enter({ do: 'cut', a, b })
  }

  /** Slows the link between two endpoints, or every link of one. */
  slow(a: string, b: string | undefined, how: { latencyMs?: number; factor?: number }): void {
    this.#enter({ do: 'slow', a, b, ...how })
  }

  /** Undoes cuts and slowness laid on a pair or an endpoint; without arguments all of them. */
  heal(a?: string, b?: string): void {
    this.#enter({ do: 'heal', a, b })
  }
}

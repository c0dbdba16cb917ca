/**
 * How certificates are signed: the authority's key lies outside the simulation. Whoever holds it fills the orders, and
 * each certificate is let in as an input, so that a recording needs no key.
 */
import type { CertificateSigner, SigningAnswer, SigningOrder } from '../controllers/index.ts'

/** An order that leaves the simulation. */
export interface OutsideOrder extends SigningOrder {
  /** What the answer's input names it by. */
  readonly order: number
}

interface Pending {
  readonly asked: OutsideOrder
  readonly reply: (answer: SigningAnswer) => void
}

export class CertificateOrders implements CertificateSigner {
  /** Orders under way. */
  readonly #pending = new Map<number, Pending>()
  #count = 0
  #ask: ((order: OutsideOrder) => void) | undefined

  /** Tells a front end of every order, those that wait already among them; it answers with an input. */
  toOutside(ask: (order: OutsideOrder) => void): void {
    this.#ask = ask
    for (const { asked } of this.#pending.values()) ask(asked)
  }

  sign(order: SigningOrder, reply: Pending['reply']): void {
    const asked = { ...order, order: this.#count++ }
    this.#pending.set(asked.order, { asked, reply })
    this.#ask?.(asked)
  }

  /** A certificate has come from outside. */
  signed(order: number, answer: SigningAnswer): void {
    const pending = this.#pending.get(order)
    this.#pending.delete(order)
    pending?.reply(answer)
  }
}

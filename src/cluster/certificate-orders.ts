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

type Reply = (answer: SigningAnswer) => void

export class CertificateOrders implements CertificateSigner {
  /** Orders under way. */
  readonly #pending = new Map<number, Reply>()
  #count = 0
  #ask: ((order: OutsideOrder) => void) | undefined

  /** Tells a front end of every order; it answers with an input. */
  toOutside(ask: (order: OutsideOrder) => void): void {
    this.#ask = ask
  }

  sign(order: SigningOrder, reply: Reply): void {
    const number = this.#count++
    this.#pending.set(number, reply)
    this.#ask?.({ ...order, order: number })
  }

  /** A certificate has come from outside. */
  signed(order: number, answer: SigningAnswer): void {
    const reply = this.#pending.get(order)
    this.#pending.delete(order)
    reply?.(answer)
  }
}

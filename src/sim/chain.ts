/**
 * A list whose members know their neighbours. Joining and leaving are a few assignments and take no memory of their
 * own, where a Set hashes every member: for what comes and goes all the time.
 */

/** What can be a member: of one chain at a time, which alone changes these fields. */
export interface Linked<T> {
  before: T | undefined
  after: T | undefined
}

export class Chain<T extends Linked<T>> {
  #first: T | undefined
  #last: T | undefined

  /** The member that has been in it longest. */
  get first(): T | undefined {
    return this.#first
  }

  /** The newest member. */
  get last(): T | undefined {
    return this.#last
  }

  /** Puts it at the end; it must be in no chain. */
  add(member: T): void {
    member.before = this.#last
    if (this.#last) this.#last.after = member
    else this.#first = member
    this.#last = member
  }

  /** Takes it out; false when it was in no chain. */
  remove(member: T): boolean {
    const { before, after } = member
    if (!before && this.#first !== member) return false
    if (before) before.after = after
    else this.#first = after
    if (after) after.before = before
    else this.#last = before
    member.before = undefined
    member.after = undefined
    return true
  }
}

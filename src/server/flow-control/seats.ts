/**
 * How many seats each priority level has: its share of the server's, and what it borrows from those that have no use
 * for theirs. Mirrors the concurrency limits of apf_controller.go and conc_alloc.go of k8s.io/apiserver.
 */
import type { PriorityLevelConfigurationSpec } from 'kubernetes-types/flowcontrol/v1.js'

/** `--max-requests-inflight` and `--max-mutating-requests-inflight` together, which is all that is left of the two. */
export const SERVER_SEATS = 600

/** Seats that a level has by its configuration: its own, and between how many it may have. */
export interface SeatBounds {
  readonly nominal: number
  readonly least: number
  readonly most: number
}

/** The shares of a level, for the sum of all. */
export function sharesOf({ exempt, limited }: PriorityLevelConfigurationSpec): number {
  return (exempt ?? limited)?.nominalConcurrencyShares ?? 0
}

/** The bounds of a level that has its part of `allShares`. */
export function boundsOf(spec: PriorityLevelConfigurationSpec, allShares: number): SeatBounds {
  const nominal = allShares === 0 ? 0 : Math.ceil((SERVER_SEATS * sharesOf(spec)) / allShares)
  const { lendablePercent = 0 } = spec.exempt ?? spec.limited ?? {}
  const borrowable = spec.limited?.borrowingLimitPercent
  return {
    nominal,
    least: nominal - Math.round((nominal * lendablePercent) / 100),
    most: borrowable === undefined ? SERVER_SEATS : nominal + Math.round((nominal * borrowable) / 100),
  }
}

/** What a level would have, and between what it must stay. */
export interface Wish {
  readonly target: number
  readonly least: number
  readonly most: number
}

/** A target is never nothing: whoever wants nothing still has a proportion. */
const LEAST_TARGET = 0.001
/** Halvings until the proportion is as exact as a double. */
const STEPS = 60

/**
 * Divides `total` seats: everyone gets the same proportion of what they wish for, within their bounds. Where the bounds
 * leave no such division, everyone has their nearest bound.
 */
export function divide(total: number, wishes: readonly Wish[]): number[] {
  const divided = (proportion: number) =>
    wishes.map(({ target, least, most }) =>
      Math.min(most, Math.max(least, Math.max(target, LEAST_TARGET) * proportion)),
    )
  const sum = (seats: readonly number[]) => seats.reduce((all, one) => all + one, 0)
  let low = 0
  let high = Math.max(1, ...wishes.map(({ target, most }) => most / Math.max(target, LEAST_TARGET)))
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2
    if (sum(divided(middle)) > total) high = middle
    else low = middle
  }
  return divided(low).map(Math.round)
}

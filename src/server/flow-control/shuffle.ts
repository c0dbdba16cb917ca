/**
 * Shuffle sharding: the few queues that a flow may wait in, so that no two busy flows share all of theirs. Mirrors
 * k8s.io/apiserver/pkg/util/shufflesharding.
 */

const OFFSET = 0xcbf29ce484222325n
const PRIME = 0x100000001b3n

/** A 64-bit number for a flow of a schema (FNV-1a). */
export function hashFlow(schema: string, distinguisher: string): bigint {
  let hash = OFFSET
  for (const byte of new TextEncoder().encode(`${schema}\u0001${distinguisher}`)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * PRIME)
  }
  return hash
}

/** Deals a hand of different cards, each below `deckSize`; the same hand for the same hash. */
export function deal(hash: bigint, deckSize: number, handSize: number): number[] {
  const hand: number[] = []
  const sorted: number[] = []
  let rest = hash
  for (let dealt = 0; dealt < Math.min(handSize, deckSize); dealt++) {
    const left = BigInt(deckSize - dealt)
    let card = Number(rest % left)
    rest /= left
    let place = 0
    while (place < sorted.length && sorted[place]! <= card) {
      card++
      place++
    }
    sorted.splice(place, 0, card)
    hand.push(card)
  }
  return hand
}

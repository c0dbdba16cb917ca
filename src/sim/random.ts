/**
 * Seeded chance. Every component draws from a stream of its own, forked from the one seed by name, so that
 * adding a component never shifts another's numbers.
 */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** A 32-bit mix of a seed and any number of integers: chance without state, for things that can be skipped. */
export function hash32(seed: number, ...parts: readonly number[]): number {
  let h = mixSeed(seed)
  for (const part of parts) h = mix32(h ^ part)
  return h >>> 0
}

/** {@link hash32} of a seed and one integer, without a list: for what is asked all the time. */
export function hash32Of(seed: number, part: number): number {
  return mix32(mixSeed(seed) ^ part) >>> 0
}

/** The seed is mixed first: left plain, it and the first part could change places. */
function mixSeed(seed: number): number {
  return mix32(seed + 0x9e3779b9)
}

function mix32(bits: number): number {
  let h = Math.imul(bits, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** FNV-1a, 32 bits, over UTF-16 code units: turns a name into a number. */
export function hashName(name: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193)
  return h >>> 0
}

/** One named stream of numbers. */
export class RandomStream {
  readonly #generator

  constructor(seed: number, name: string) {
    this.#generator = xoroshiro128plus(hash32(seed, hashName(name)))
  }

  /** 32 random bits as an unsigned integer. */
  bits(): number {
    return this.#generator.next() >>> 0
  }

  /** A number in [0, 1). */
  float(): number {
    return this.bits() / 0x1_0000_0000
  }

  /** An integer in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.float() * bound)
  }

  /** An integer in [low, high], both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1)
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.float() < probability
  }

  /** Sixteen random bytes, for a UUID: written into `bytes`, which is given back. */
  bytes16(bytes = new Uint8Array(16)): Uint8Array {
    for (let i = 0; i < 16; i += 4) {
      const bits = this.bits()
      bytes[i] = bits
      bytes[i + 1] = bits >>> 8
      bytes[i + 2] = bits >>> 16
      bytes[i + 3] = bits >>> 24
    }
    return bytes
  }

  /** `length` characters drawn from `alphabet`. */
  letters(alphabet: string, length: number): string {
    let text = ''
    for (let i = 0; i < length; i++) text += alphabet[this.below(alphabet.length)]
    return text
  }
}

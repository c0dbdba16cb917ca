/** The values a pool may give out, numbered from 0: IPv4 addresses of a CIDR, or ports. */
import { ipv4 } from '../api/index.ts'
import { assert } from '../sim/index.ts'

export interface Range {
  /** `10.96.0.0/12`, `30000-32767` */
  readonly text: string
  readonly size: number
  /** How many of the first are left to those who ask by value, while others are free. */
  readonly staticSize: number
  valueAt(offset: number): string
  /** Undefined for what is outside, or no such value at all. */
  offsetOf(value: string): number | undefined
}

/** Every address of `10.96.0.0/12` but the network's and the broadcast's. */
export function addressRange(cidr: string): Range {
  const { base, bits } = ipv4.parseCidr(cidr)
  const total = ipv4.size({ base, bits })
  assert(total >= 4, `${cidr} has addresses to give`)
  const size = total - 2
  return {
    text: cidr,
    size,
    // Upstream: min(max(16, size / 16), 256).
    staticSize: size < 32 ? 0 : Math.min(Math.max(16, Math.floor(size / 16)), 256),
    valueAt: offset => ipv4.formatIp(base + 1 + offset),
    offsetOf(value) {
      const number = ipv4.parseIp(value)
      if (number === undefined) return undefined
      const offset = number - base - 1
      return offset >= 0 && offset < size ? offset : undefined
    },
  }
}

/** Ports from `first` to `last`, both included. */
export function portRange(first: number, last: number): Range {
  const size = last - first + 1
  return {
    text: `${first}-${last}`,
    size,
    // Upstream: min(max(16, size / 32), 128).
    staticSize: Math.min(Math.max(16, Math.floor(size / 32)), 128),
    valueAt: offset => String(first + offset),
    offsetOf(value) {
      const port = Number(value)
      return Number.isInteger(port) && port >= first && port <= last ? port - first : undefined
    },
  }
}

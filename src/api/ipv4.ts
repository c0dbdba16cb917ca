/**
 * IPv4 addresses and blocks as numbers: what subnets, allocation and routing are decided on.
 */
import { assert } from '../sim/index.ts'

/** A block of addresses: `base` is its first address as an unsigned 32-bit number. */
export interface Cidr {
  readonly base: number
  /** Length of the prefix, 0 to 32. */
  readonly bits: number
}

/** `10.244.1.2` as an unsigned number; undefined for anything that is no IPv4 address. */
export function parseIp(text: string): number | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let address = 0
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined
    address = address * 256 + Number(part)
  }
  return address
}

export function formatIp(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`
}

/** `10.244.0.0/16`; asserts that it is one (configuration is checked before it gets here). */
export function parseCidr(text: string): Cidr {
  const [ip = '', length = ''] = text.split('/')
  const base = parseIp(ip)
  const bits = Number(length)
  assert(base !== undefined && /^\d+$/.test(length) && bits <= 32, `${text} is an IPv4 block`)
  return { base: base - (base % size({ base, bits })), bits }
}

export function formatCidr(cidr: Cidr): string {
  return `${formatIp(cidr.base)}/${cidr.bits}`
}

/** How many addresses there are in the block. */
export function size(cidr: Cidr): number {
  return 2 ** (32 - cidr.bits)
}

export function contains(cidr: Cidr, address: number): boolean {
  return address >= cidr.base && address < cidr.base + size(cidr)
}

/** The `index`th block of `bits` length in `cidr`; undefined past its end. */
export function subnet(cidr: Cidr, bits: number, index: number): Cidr | undefined {
  const base = cidr.base + index * 2 ** (32 - bits)
  return contains(cidr, base) ? { base, bits } : undefined
}

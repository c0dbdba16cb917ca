/**
 * Amounts of resources: `100m`, `1.5Gi`, `1e3`. Mirrors `k8s.io/apimachinery/pkg/api/resource.Quantity`: exact
 * down to a billionth, rounded up below that, printed in the canonical form of the notation it was written in.
 */
import { memoise } from './memo.ts'

/** The notation an amount was written in, which is the one it is printed in. */
export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent'

/** An exact amount: `nano` billionths. */
export interface Quantity {
  readonly nano: bigint
  readonly format: QuantityFormat
}

const NANO = 1_000_000_000n
/** The largest amount there is; greater ones are cut down to it. */
const MAXIMUM_NANO = (2n ** 63n - 1n) * NANO
const BINARY_SUFFIXES = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
/** From 10^-9 upwards, a thousandfold each. */
const DECIMAL_SUFFIXES = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E']

const SHAPE = /^([+-]?)([0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$/
const WRONG_FORMAT =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
const WRONG_NUMBER = 'unable to parse numeric part of quantity'
const WRONG_SUFFIX = "unable to parse quantity's suffix"

/** Thrown for text that is no quantity; the message is upstream's. */
export class QuantityError extends Error {
  override readonly name = 'QuantityError'
}

/** Reads an amount as a manifest has it. Throws {@link QuantityError}. */
export function parseQuantity(text: string | number): Quantity {
  const match = SHAPE.exec(String(text).trim())
  if (!match) throw new QuantityError(WRONG_FORMAT)
  const [, sign = '', digits = '', suffix = ''] = match
  const [whole = '', fraction = '', ...rest] = digits.split('.')
  if (rest.length > 0 || whole + fraction === '') throw new QuantityError(WRONG_NUMBER)
  const { base, exponent, format } = parseSuffix(suffix)
  let numerator = BigInt(whole + fraction) * NANO
  let denominator = 10n ** BigInt(fraction.length)
  if (exponent >= 0) numerator *= base ** BigInt(exponent)
  else denominator *= base ** BigInt(-exponent)
  // What is finer than a billionth is rounded away from zero: whoever asks for something gets something.
  let nano = (numerator + denominator - 1n) / denominator
  if (nano > MAXIMUM_NANO) nano = MAXIMUM_NANO
  return { nano: sign === '-' ? -nano : nano, format }
}

/** Whether a text is a quantity. */
export function isQuantity(text: string | number): boolean {
  try {
    parseQuantity(text)
    return true
  } catch (error) {
    if (error instanceof QuantityError) return false
    throw error
  }
}

function parseSuffix(suffix: string): { base: bigint; exponent: number; format: QuantityFormat } {
  const decimal = DECIMAL_SUFFIXES.indexOf(suffix)
  if (decimal >= 0) return { base: 10n, exponent: (decimal - 3) * 3, format: 'DecimalSI' }
  const binary = BINARY_SUFFIXES.indexOf(suffix)
  if (binary >= 0) return { base: 1024n, exponent: binary, format: 'BinarySI' }
  const exponent = /^[eE]([+-]?[0-9]{1,3})$/.exec(suffix)?.[1]
  if (exponent === undefined) throw new QuantityError(WRONG_SUFFIX)
  return { base: 10n, exponent: Number(exponent), format: 'DecimalExponent' }
}

/** The canonical text: no fraction, the greatest suffix that needs none. */
export function formatQuantity(quantity: Quantity): string {
  const { nano } = quantity
  if (nano === 0n) return '0'
  const isSmall = nano > -1024n * NANO && nano < 1024n * NANO
  if (quantity.format === 'BinarySI' && !isSmall && nano % NANO === 0n) {
    const [amount, power] = factor(nano / NANO, 1024n, BINARY_SUFFIXES.length - 1)
    return `${amount}${BINARY_SUFFIXES[power]}`
  }
  const [amount, power] = factor(nano, 1000n, quantity.format === 'DecimalExponent' ? 99 : 9)
  if (quantity.format !== 'DecimalExponent') return `${amount}${DECIMAL_SUFFIXES[power]}`
  return power === 3 ? `${amount}` : `${amount}e${(power - 3) * 3}`
}

/** Takes `base` out of `value` as often as it goes, at most `limit` times. */
function factor(value: bigint, base: bigint, limit: number): [amount: bigint, power: number] {
  let amount = value
  let power = 0
  while (power < limit && amount % base === 0n) {
    amount /= base
    power++
  }
  return [amount, power]
}

/** Below zero when `a` is less than `b`, zero when they are the same amount however written. */
export function compareQuantities(a: Quantity | string | number, b: Quantity | string | number): number {
  const [left, right] = [asQuantity(a).nano, asQuantity(b).nano]
  return left < right ? -1 : left > right ? 1 : 0
}

/** `a + b`, in a's notation unless a is zero. */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
  return { nano: a.nano + b.nano, format: a.nano === 0n ? b.format : a.format }
}

/** `a - b`, in a's notation unless a is zero. */
export function subtractQuantities(a: Quantity, b: Quantity): Quantity {
  return { nano: a.nano - b.nano, format: a.nano === 0n ? b.format : a.format }
}

function asQuantity(value: Quantity | string | number): Quantity {
  return typeof value === 'object' ? value : parseQuantity(value)
}

/** A quantity as the API server stores it: `0.5` is `500m`, `1024Mi` is `1Gi`. Throws {@link QuantityError}. */
export const canonicalQuantity: (text: string | number) => string = memoise(text =>
  formatQuantity(parseQuantity(text)),
)

const milli = memoise((text: string | number) => roundUp(parseQuantity(text).nano, NANO / 1000n))
const integer = memoise((text: string | number) => roundUp(parseQuantity(text).nano, NANO))

function roundUp(nano: bigint, unit: bigint): number {
  const floor = nano / unit
  return Number(floor * unit < nano ? floor + 1n : floor)
}

/** Thousandths of a CPU, rounded up: 100 for `100m`, 500 for `0.5`, 0 for nothing. Fast for repeated texts. */
export function milliCpu(quantity: string | number | undefined): number {
  return quantity === undefined ? 0 : milli(quantity)
}

/** Whole bytes (or pods, or devices), rounded up: 1073741824 for `1Gi`; exact to 2^53. Fast for repeated texts. */
export function bytes(quantity: string | number | undefined): number {
  return quantity === undefined ? 0 : integer(quantity)
}

/** `100m` for 100: CPU time as Kubernetes prints it. */
export function formatMilliCpu(milliCpu: number): string {
  return formatQuantity({ nano: BigInt(milliCpu) * (NANO / 1000n), format: 'DecimalSI' })
}

/** `1Gi` for 1073741824. */
export function formatBytes(bytes: number): string {
  return formatQuantity({ nano: BigInt(bytes) * NANO, format: 'BinarySI' })
}

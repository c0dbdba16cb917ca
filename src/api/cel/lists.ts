/** Kubernetes' lists library. Mirrors `pkg/cel/library/lists.go`. */
import type { Environment } from '@marcbachmann/cel-js'
import { canonicalJson } from '../names.ts'

type Comparable = bigint | number | string | boolean | Date

export function registerLists(environment: Environment): void {
  environment
    .registerFunction('list.isSorted(): bool', (list: readonly Comparable[]) =>
      list.every((item, i) => i === 0 || list[i - 1]! <= item),
    )
    .registerFunction('list.sort(): list', (list: readonly Comparable[]) => [...list].sort(compare))
    .registerFunction('list.sum(): dyn', (list: readonly (bigint | number)[]) =>
      list.reduce<bigint | number>((sum, item) => (sum as number) + (item as number), zeroOf(list)),
    )
    .registerFunction('list.min(): dyn', (list: readonly Comparable[]) => extreme(list, 'min', -1))
    .registerFunction('list.max(): dyn', (list: readonly Comparable[]) => extreme(list, 'max', 1))
    .registerFunction('list.indexOf(dyn): int', (list: readonly unknown[], wanted: unknown) =>
      BigInt(list.findIndex(item => isEqual(item, wanted))),
    )
    .registerFunction('list.lastIndexOf(dyn): int', (list: readonly unknown[], wanted: unknown) =>
      BigInt(list.findLastIndex(item => isEqual(item, wanted))),
    )
    .registerFunction('list.distinct(): list', (list: readonly unknown[]) =>
      list.filter((item, i) => list.findIndex(other => isEqual(other, item)) === i),
    )
    .registerFunction('list.flatten(): list', (list: readonly unknown[]) => list.flat())
    .registerFunction('list.slice(int, int): list', (list: readonly unknown[], from: bigint, to: bigint) =>
      list.slice(Number(from), Number(to)),
    )
    .registerFunction('list.reverse(): list', (list: readonly unknown[]) => [...list].reverse())
}

function compare(a: Comparable, b: Comparable): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** No bigint adds to a number. */
function zeroOf(list: readonly unknown[]): bigint | number {
  return typeof list[0] === 'number' ? 0 : 0n
}

function extreme(list: readonly Comparable[], name: string, sign: number): Comparable {
  const [first, ...rest] = list
  if (first === undefined) throw new Error(`${name} called on empty list`)
  return rest.reduce((best, item) => (compare(item, best) * sign > 0 ? item : best), first)
}

export function isEqual(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === typeof b && keyOf(a) === keyOf(b))
}

function keyOf(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  if (Array.isArray(value)) return `[${value.map(keyOf).join()}]`
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${entries.map(([name, one]) => `${name}:${keyOf(one)}`).join()}}`
  }
  return value instanceof Date ? value.toISOString() : canonicalJson(value)
}

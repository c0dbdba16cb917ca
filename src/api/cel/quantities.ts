/** Kubernetes' quantity library. Mirrors `pkg/cel/library/quantity.go`. */
import type { Environment } from '@marcbachmann/cel-js'
import {
  addQuantities,
  compareQuantities,
  isQuantity,
  parseQuantity,
  type Quantity,
  subtractQuantities,
} from '../quantity.ts'

/** A quantity as a type that CEL can tell. */
class CelQuantity {
  readonly value: Quantity

  constructor(value: Quantity) {
    this.value = value
  }
}

const made = (value: Quantity) => new CelQuantity(value)
const integer = (value: bigint) => parseQuantity(String(value))

export function registerQuantities(environment: Environment): void {
  environment
    .registerType('kubernetes.Quantity', CelQuantity)
    .registerFunction('quantity(string): kubernetes.Quantity', (text: string) => {
      return new CelQuantity(parseQuantity(text))
    })
    .registerFunction('isQuantity(string): bool', (text: string) => isQuantity(text))
    .registerFunction(
      'kubernetes.Quantity.compareTo(kubernetes.Quantity): int',
      (a: CelQuantity, b: CelQuantity) => BigInt(Math.sign(compareQuantities(a.value, b.value))),
    )
    .registerFunction(
      'kubernetes.Quantity.isGreaterThan(kubernetes.Quantity): bool',
      (a: CelQuantity, b: CelQuantity) => compareQuantities(a.value, b.value) > 0,
    )
    .registerFunction(
      'kubernetes.Quantity.isLessThan(kubernetes.Quantity): bool',
      (a: CelQuantity, b: CelQuantity) => compareQuantities(a.value, b.value) < 0,
    )
    .registerFunction(
      'kubernetes.Quantity.add(kubernetes.Quantity): kubernetes.Quantity',
      (a: CelQuantity, b: CelQuantity) => made(addQuantities(a.value, b.value)),
    )
    .registerFunction('kubernetes.Quantity.add(int): kubernetes.Quantity', (a: CelQuantity, b: bigint) =>
      made(addQuantities(a.value, integer(b))),
    )
    .registerFunction(
      'kubernetes.Quantity.sub(kubernetes.Quantity): kubernetes.Quantity',
      (a: CelQuantity, b: CelQuantity) => made(subtractQuantities(a.value, b.value)),
    )
    .registerFunction('kubernetes.Quantity.sub(int): kubernetes.Quantity', (a: CelQuantity, b: bigint) =>
      made(subtractQuantities(a.value, integer(b))),
    )
    .registerFunction('kubernetes.Quantity.sign(): int', (a: CelQuantity) =>
      BigInt(Math.sign(compareQuantities(a.value, integer(0n)))),
    )
    .registerOperator(
      'kubernetes.Quantity == kubernetes.Quantity',
      (a: CelQuantity, b: CelQuantity) => compareQuantities(a.value, b.value) === 0,
    )
}

/** CEL's `sets` and `math` (ext.Sets, ext.Math), and Kubernetes' `semver`. Mirrors `pkg/cel/library/semverlib.go`. */
import type { Environment } from '@marcbachmann/cel-js'
import { isEqual } from './lists.ts'

class CelSets {
  readonly name = 'sets'
}

class CelMath {
  readonly name = 'math'
}

type Numeric = bigint | number

export function registerSetsAndMath(environment: Environment): void {
  environment
    .registerType('cel.Sets', CelSets)
    .registerConstant('sets', 'cel.Sets', new CelSets())
    .registerFunction('cel.Sets.contains(list, list): bool', (_, a: unknown[], b: unknown[]) => holds(a, b))
    .registerFunction(
      'cel.Sets.equivalent(list, list): bool',
      (_, a: unknown[], b: unknown[]) => holds(a, b) && holds(b, a),
    )
    .registerFunction('cel.Sets.intersects(list, list): bool', (_, a: unknown[], b: unknown[]) =>
      a.some(one => b.some(other => isEqual(one, other))),
    )
    .registerType('cel.Math', CelMath)
    .registerConstant('math', 'cel.Math', new CelMath())
  for (const [name, sign] of [
    ['greatest', 1],
    ['least', -1],
  ] as const) {
    const extreme = (values: readonly Numeric[]) => {
      if (values.length === 0)
        throw new Error(`math.@${sign > 0 ? 'max' : 'min'}(list) argument must not be empty`)
      return values.reduce((best, value) => ((value > best ? 1 : -1) === sign ? value : best))
    }
    environment
      .registerFunction(`cel.Math.${name}(list): dyn`, (_, values: Numeric[]) => extreme(values))
      .registerFunction(`cel.Math.${name}(dyn, dyn): dyn`, (_, a: Numeric, b: Numeric) => extreme([a, b]))
      .registerFunction(`cel.Math.${name}(dyn, dyn, dyn): dyn`, (_, ...values: Numeric[]) => extreme(values))
  }
  const rounding = { ceil: Math.ceil, floor: Math.floor, round: awayFromZero, trunc: Math.trunc }
  for (const [name, round] of Object.entries(rounding)) {
    environment.registerFunction(`cel.Math.${name}(double): double`, (_, value: number) => round(value))
  }
  environment
    .registerFunction('cel.Math.abs(int): int', (_, value: bigint) => (value < 0n ? -value : value))
    .registerFunction('cel.Math.abs(double): double', (_, value: number) => Math.abs(value))
    .registerFunction('cel.Math.sign(int): int', (_, value: bigint) =>
      value > 0n ? 1n : value < 0n ? -1n : 0n,
    )
    .registerFunction('cel.Math.sign(double): double', (_, value: number) => Math.sign(value))
    .registerFunction('cel.Math.isNaN(double): bool', (_, value: number) => Number.isNaN(value))
    .registerFunction('cel.Math.isInf(double): bool', (_, value: number) => Math.abs(value) === Infinity)
    .registerFunction('cel.Math.isFinite(double): bool', (_, value: number) => Number.isFinite(value))
  registerVersions(environment)
}

function holds(list: readonly unknown[], wanted: readonly unknown[]): boolean {
  return wanted.every(one => list.some(other => isEqual(one, other)))
}

function awayFromZero(value: number): number {
  return Math.sign(value) * Math.round(Math.abs(value))
}

class CelVersion {
  readonly numbers: readonly [bigint, bigint, bigint]
  readonly prerelease: readonly string[]

  constructor(numbers: readonly [bigint, bigint, bigint], prerelease: readonly string[]) {
    this.numbers = numbers
    this.prerelease = prerelease
  }
}

const VERSION =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/

function registerVersions(environment: Environment): void {
  const on = 'kubernetes.Semver'
  environment
    .registerType(on, CelVersion)
    .registerFunction('isSemver(string): bool', (text: string) => versionOf(text) !== undefined)
    .registerFunction('isSemver(string, bool): bool', (text: string, isLax: boolean) =>
      isLax ? versionOf(strict(text)) !== undefined : versionOf(text) !== undefined,
    )
    .registerFunction('semver(string): kubernetes.Semver', (text: string) => needed(text))
    .registerFunction('semver(string, bool): kubernetes.Semver', (text: string, isLax: boolean) =>
      needed(isLax ? strict(text) : text),
    )
    .registerFunction(`${on}.major(): int`, ({ numbers }: CelVersion) => numbers[0])
    .registerFunction(`${on}.minor(): int`, ({ numbers }: CelVersion) => numbers[1])
    .registerFunction(`${on}.patch(): int`, ({ numbers }: CelVersion) => numbers[2])
    .registerFunction(`${on}.compareTo(${on}): int`, (a: CelVersion, b: CelVersion) => BigInt(compare(a, b)))
    .registerFunction(`${on}.isGreaterThan(${on}): bool`, (a: CelVersion, b: CelVersion) => compare(a, b) > 0)
    .registerFunction(`${on}.isLessThan(${on}): bool`, (a: CelVersion, b: CelVersion) => compare(a, b) < 0)
    .registerOperator(`${on} == ${on}`, (a: CelVersion, b: CelVersion) => compare(a, b) === 0)
}

function needed(text: string): CelVersion {
  const version = versionOf(text)
  if (!version) throw new Error(`Invalid character(s) found in version ${JSON.stringify(text)}`)
  return version
}

function versionOf(text: string): CelVersion | undefined {
  const match = VERSION.exec(text)
  if (!match) return undefined
  const [, major = '0', minor = '0', patch = '0', prerelease] = match
  return new CelVersion([BigInt(major), BigInt(minor), BigInt(patch)], prerelease?.split('.') ?? [])
}

/** `v1.2` as `1.2.0`: what is left out is 0, leading zeros and a `v` go. */
function strict(text: string): string {
  const [, numbers = '', rest = ''] = /^v?([0-9.]*)(.*)$/s.exec(text.trim()) ?? []
  const parts = numbers.split('.').map(part => part.replace(/^0+(?=\d)/, ''))
  while (parts.length < 3) parts.push('0')
  return parts.join('.') + rest
}

function compare(a: CelVersion, b: CelVersion): number {
  for (let i = 0; i < 3; i++) {
    if (a.numbers[i] !== b.numbers[i]) return a.numbers[i]! < b.numbers[i]! ? -1 : 1
  }
  // A version before its release is less than it.
  if (a.prerelease.length === 0 || b.prerelease.length === 0) {
    return Math.sign(b.prerelease.length - a.prerelease.length)
  }
  const count = Math.max(a.prerelease.length, b.prerelease.length)
  for (let i = 0; i < count; i++) {
    const order = comparePart(a.prerelease[i], b.prerelease[i])
    if (order !== 0) return order
  }
  return 0
}

function comparePart(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1
  const [isNumber, isOtherNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (isNumber && isOtherNumber) return Math.sign(Number(a) - Number(b))
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1
  return a < b ? -1 : 1
}

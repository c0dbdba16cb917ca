/** What tests of kinds share: a world for strategy hooks, and small objects. */
import { RandomStream } from '../../../sim/index.ts'
import type { Allocator, StrategyContext } from '../../define-kind.ts'
import type { FieldError } from '../../field-error.ts'
import { ApiError } from '../../status.ts'

/** A pool of the values given, handed out in their order. */
class ListAllocator implements Allocator {
  readonly range: string
  readonly taken = new Set<string>()
  readonly #values: readonly string[]

  constructor(values: readonly string[], range: string) {
    this.#values = values
    this.range = range
  }

  allocate(wanted?: string): string | undefined {
    const value = wanted ?? this.#values.find(candidate => !this.taken.has(candidate))
    if (value === undefined || !this.contains(value) || this.taken.has(value)) return undefined
    this.taken.add(value)
    return value
  }

  release(value: string): void {
    this.taken.delete(value)
  }

  contains(value: string): boolean {
    return this.#values.includes(value)
  }

  isTaken(value: string): boolean {
    return this.taken.has(value)
  }
}

export interface TestContext extends StrategyContext {
  readonly clusterIps: ListAllocator
  readonly nodePorts: ListAllocator
}

/** Ten addresses from 10.96.0.1 on, ten ports from 30080 on. */
export function testContext(): TestContext {
  const ten = [...Array(10).keys()]
  const clusterIps = new ListAllocator(
    ten.map(i => `10.96.0.${i + 1}`),
    '10.96.0.0/12',
  )
  const nodePorts = new ListAllocator(
    ten.map(i => `${30_080 + i}`),
    '30000-32767',
  )
  return {
    nowMs: Date.UTC(2026, 0, 1),
    timestamp: '2026-01-01T00:00:00Z',
    random: new RandomStream(1, 'test'),
    allocator: name => (name === 'serviceClusterIPs' ? clusterIps : nodePorts),
    clusterIps,
    nodePorts,
  }
}

/** Complaints as a message lists them. */
export function texts(errors: readonly FieldError[] | undefined): string[] {
  return (errors ?? []).map(error => `${error.field}: ${error.message}`)
}

/** The message of the ApiError that `run` throws. */
export function refusalOf(run: () => unknown): string | undefined {
  try {
    run()
  } catch (error) {
    if (error instanceof ApiError) return error.status.message
    throw error
  }
  return undefined
}

/** Frozen through and through, as stored objects are. */
export function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const field of Object.values(value)) deepFrozen(field)
    Object.freeze(value)
  }
  return value
}

/** Lists of resources: `{ cpu: '500m', memory: '1Gi' }`. */
import { memoise } from '../../memo.ts'
import { canonicalQuantity, parseQuantity, type Quantity } from '../../quantity.ts'

/** The list in canonical notation (`0.5` is `500m`); the same when it is already. Throws QuantityError. */
export function canonicalResources<T extends Readonly<Record<string, unknown>>>(list: T): T {
  let changed: Record<string, unknown> | undefined
  for (const name in list) {
    const amount = list[name] as string | number
    const canonical = canonicalQuantity(amount)
    if (canonical === amount) continue
    changed ??= { ...list }
    changed[name] = canonical
  }
  return (changed as T | undefined) ?? list
}

/** Canonical limits and requests of a container, a pod or a claim; an empty list is none. */
export function canonicalRequirements<T extends { limits?: AnyResources; requests?: AnyResources }>(
  requirements: T,
): T {
  const { limits, requests, ...rest } = requirements
  const [newLimits, newRequests] = [canonicalOrNone(limits), canonicalOrNone(requests)]
  if (newLimits === limits && newRequests === requests) return requirements
  return {
    ...rest,
    ...(newLimits && { limits: newLimits }),
    ...(newRequests && { requests: newRequests }),
  } as T
}

type AnyResources = Readonly<Record<string, unknown>>

function canonicalOrNone(list: AnyResources | undefined): AnyResources | undefined {
  if (!list) return list
  for (const _ in list) return canonicalResources(list)
  return undefined
}

/** A quantity read, once per text. Throws QuantityError. */
export const quantityOf: (text: string | number) => Quantity = memoise(parseQuantity)

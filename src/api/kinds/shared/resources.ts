/** Lists of resources: `{ cpu: '500m', memory: '1Gi' }`. */
import { memoise } from '../../memo.ts'
import { canonicalQuantity, parseQuantity, type Quantity } from '../../quantity.ts'

/** Amounts by the name of a resource. */
export type ResourceList = Record<string, string>

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

/** Canonical limits and requests of a container, a pod or a claim. */
export function canonicalRequirements<
  T extends { limits?: Readonly<Record<string, unknown>>; requests?: Readonly<Record<string, unknown>> },
>(requirements: T): T {
  const limits = requirements.limits ? canonicalResources(requirements.limits) : requirements.limits
  const requests = requirements.requests ? canonicalResources(requirements.requests) : requirements.requests
  const isSame = limits === requirements.limits && requests === requirements.requests
  return isSame ? requirements : { ...requirements, limits, requests }
}

/** A quantity read, once per text. Throws QuantityError. */
export const quantityOf: (text: string | number) => Quantity = memoise(parseQuantity)

/**
 * Remembering what pure functions gave: by text, in a table that is emptied when full, or by frozen object, for
 * as long as the object lives. What is remembered can never differ from what would be computed.
 */
import { LIMITS } from '../sim/index.ts'

/** `compute`, computed once per text or number. What it throws is not remembered. */
export function memoise<K extends string | number, V>(compute: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>()
  return key => {
    let value = known.get(key)
    if (value === undefined) {
      value = compute(key)
      if (known.size >= LIMITS.memoisedValues) known.clear()
      known.set(key, value)
    }
    return value
  }
}

/** `compute`, computed once per object when the object is frozen; a mutable object is computed each time. */
export function memoiseByObject<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>()
  return key => {
    let value = known.get(key)
    if (value === undefined) {
      value = compute(key)
      if (Object.isFrozen(key)) known.set(key, value)
    }
    return value
  }
}

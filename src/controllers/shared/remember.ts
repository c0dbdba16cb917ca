/** Remembering what a pure function gave for a stored object or a part of one: those never change. */

/** `compute`, computed once per object and forgotten with it. */
export function remember<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>()
  return key => {
    let value = known.get(key)
    if (value === undefined) {
      value = compute(key)
      known.set(key, value)
    }
    return value
  }
}

/** Freezing what was just made. Parts that are frozen already are shared, so their insides are frozen too. */
export function freezeDeep<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const field in value) freezeDeep(value[field])
  return Object.freeze(value)
}

/** Taking fields out of an object by their paths, as decoding does with fields a kind does not have. */

/** A copy without the fields at `paths` (`spec.containers[0].imag`); what is not touched is shared. */
export function withoutPaths<T>(value: T, paths: readonly string[]): T {
  let result: unknown = value
  for (const path of paths) result = without(result, path.match(/[^.[\]]+/g) ?? [], 0)
  return result as T
}

function without(value: unknown, steps: readonly string[], at: number): unknown {
  const step = steps[at]
  if (step === undefined || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const index = Number(step)
    const item: unknown = value[index]
    const pruned = without(item, steps, at + 1)
    return pruned === item ? value : value.with(index, pruned)
  }
  const record = value as Readonly<Record<string, unknown>>
  if (!Object.hasOwn(record, step)) return value
  if (at === steps.length - 1) {
    const { [step]: _, ...rest } = record
    return rest
  }
  const pruned = without(record[step], steps, at + 1)
  return pruned === record[step] ? value : { ...record, [step]: pruned }
}

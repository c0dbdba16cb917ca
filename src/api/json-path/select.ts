/**
 * What a JSONPath selects: fields, wildcards, slices, unions, filters, recursive descent. Mirrors
 * k8s.io/client-go/util/jsonpath; functions and regular expressions are refused.
 */
import { canonicalJson } from '../names.ts'
import { JsonPathError } from './json-path-error.ts'
import { comparePath, type Filter, parsePath, type Step } from './parse.ts'

/** The values that a single path such as `.metadata.name` selects. Throws {@link JsonPathError}. */
export function selectPath(path: string, data: unknown): unknown[] {
  const inner = path.replace(/^\{([\s\S]*)\}$/, '$1')
  return select(parsePath(relaxedPath(inner)), [data], data, true)
}

/** `metadata.name` is taken for `.metadata.name`. */
export function relaxedPath(path: string): string {
  return /^[.@$[]/.test(path) ? path : `.${path}`
}

/** Values as jsonpath prints them: scalars bare, the rest as compact JSON with its keys sorted. */
export function printedValue(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? canonicalJson(value) : String(value)
}

/** The values that steps lead to, from each of `start`. Throws {@link JsonPathError} for what is missing, if it may not be. */
export function select(
  steps: readonly Step[],
  start: readonly unknown[],
  root: unknown,
  allowMissing: boolean,
): unknown[] {
  let values: unknown[] = [...start]
  for (const step of steps) {
    if (step.type === 'root') values = [root]
    else values = values.flatMap(value => applyStep(step, value, root, allowMissing))
  }
  return values
}

function applyStep(step: Step, value: unknown, root: unknown, allowMissing: boolean): unknown[] {
  switch (step.type) {
    case 'root':
      return [root]
    case 'field': {
      if (!isRecord(value) || !(step.name in value)) {
        if (allowMissing) return []
        throw bad(`${step.name} is not found`)
      }
      return [value[step.name]]
    }
    case 'wildcard':
      return Array.isArray(value) ? value : isRecord(value) ? sortedValues(value) : []
    case 'recursive':
      return descend(value)
    case 'slice':
      return Array.isArray(value) ? slice(value, step) : []
    case 'union':
      return step.paths.flatMap(path => select(path, [value], root, true))
    case 'filter':
      return Array.isArray(value) ? value.filter(item => passes(step.filter, item, root)) : []
  }
}

function slice(items: readonly unknown[], step: { from?: number; to?: number; step: number }): unknown[] {
  const wrap = (n: number) => (n < 0 ? n + items.length : n)
  const from = wrap(step.from ?? 0)
  const to = Math.min(wrap(step.to ?? items.length), items.length)
  const taken: unknown[] = []
  for (let i = from; i < to; i += step.step) if (i >= 0) taken.push(items[i])
  return taken
}

function descend(value: unknown): unknown[] {
  const below = Array.isArray(value) ? value : isRecord(value) ? sortedValues(value) : []
  return [value, ...below.flatMap(descend)]
}

function passes(filter: Filter, item: unknown, root: unknown): boolean {
  const left = select(filter.left, [item], root, true)[0]
  if (!filter.operator) return left !== undefined
  const right =
    filter.right?.type === 'path' ? select(filter.right.steps, [item], root, true)[0] : filter.right?.value
  return left !== undefined && comparePath(filter.operator, left, right)
}

function sortedValues(record: Record<string, unknown>): unknown[] {
  return Object.keys(record)
    .sort()
    .map(key => record[key])
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function bad(why: string): JsonPathError {
  return new JsonPathError(why)
}

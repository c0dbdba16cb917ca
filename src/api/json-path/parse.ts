/**
 * The grammar of one JSONPath: fields, brackets, wildcards, slices, unions and filters.
 */
import { JsonPathError } from './json-path-error.ts'

export type Step =
  | { readonly type: 'root' }
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'wildcard' }
  | { readonly type: 'recursive' }
  | { readonly type: 'slice'; readonly from?: number; readonly to?: number; readonly step: number }
  | { readonly type: 'union'; readonly paths: readonly (readonly Step[])[] }
  | { readonly type: 'filter'; readonly filter: Filter }

export interface Filter {
  readonly left: readonly Step[]
  readonly operator?: string
  readonly right?:
    | { readonly type: 'path'; readonly steps: readonly Step[] }
    | { readonly type: 'value'; readonly value: unknown }
}

/** Reads a path such as `.items[?(@.status.phase=="Running")].metadata.name`. Throws {@link JsonPathError}. */
export function parsePath(text: string): Step[] {
  const steps: Step[] = []
  let at = 0
  while (at < text.length) {
    const char = text[at]!
    if (char === '$') {
      steps.push({ type: 'root' })
      at++
    } else if (char === '@') {
      at++
    } else if (text.startsWith('..', at)) {
      steps.push({ type: 'recursive' })
      at += text[at + 2] === '[' ? 2 : 1
    } else if (char === '.') {
      at = readField(text, at + 1, steps)
    } else if (char === '[') {
      const end = closingBracket(text, at)
      steps.push(readBracket(text.slice(at + 1, end).trim()))
      at = end + 1
    } else {
      at = readField(text, at, steps)
    }
  }
  return steps
}

function readField(text: string, start: number, steps: Step[]): number {
  let name = ''
  let at = start
  for (; at < text.length && !'.[ '.includes(text[at]!); at++) {
    if (text[at] === '\\' && at + 1 < text.length) at++
    name += text[at]
  }
  if (name === '*') steps.push({ type: 'wildcard' })
  else if (name !== '') steps.push({ type: 'field', name })
  else if (at === start && at < text.length && text[at] === ' ') throw bad(`unexpected space in ${text}`)
  return at
}

function closingBracket(text: string, open: number): number {
  let depth = 0
  let quote = ''
  for (let i = open; i < text.length; i++) {
    const char = text[i]!
    if (quote) {
      if (char === quote) quote = ''
    } else if (char === '"' || char === "'") quote = char
    else if (char === '[') depth++
    else if (char === ']' && --depth === 0) return i
  }
  throw bad('unterminated array')
}

function readBracket(inner: string): Step {
  if (inner === '*') return { type: 'wildcard' }
  if (inner.startsWith('?(') && inner.endsWith(')')) {
    return { type: 'filter', filter: parseFilter(inner.slice(2, -1).trim()) }
  }
  const quoted = /^'((?:[^'\\]|\\.)*)'$|^"((?:[^"\\]|\\.)*)"$/.exec(inner)
  if (quoted) return { type: 'field', name: (quoted[1] ?? quoted[2] ?? '').replace(/\\(.)/g, '$1') }
  if (/^-?\d+$/.test(inner)) {
    const index = Number(inner)
    return index === -1
      ? { type: 'slice', from: -1, step: 1 }
      : { type: 'slice', from: index, to: index + 1, step: 1 }
  }
  const range = /^(-?\d+)?:(-?\d+)?(?::(\d+))?$/.exec(inner)
  if (range) {
    const [, from, to, step] = range
    return {
      type: 'slice',
      ...(from !== undefined && { from: Number(from) }),
      ...(to !== undefined && { to: Number(to) }),
      step: Number(step ?? 1),
    }
  }
  if (inner.includes(',')) {
    return { type: 'union', paths: inner.split(',').map(part => [readUnionPart(part.trim())]) }
  }
  if (/^[\w.-]+$/.test(inner)) return { type: 'field', name: inner }
  throw bad(`invalid array index ${inner}`)
}

function readUnionPart(part: string): Step {
  return /^[\w.-]+$/.test(part) && !/^-?\d+$/.test(part) ? { type: 'field', name: part } : readBracket(part)
}

function parseFilter(text: string): Filter {
  const match = /^(.*?)\s*(==|!=|<=|>=|<|>|=~)\s*(.*)$/.exec(text)
  if (!match) return { left: parsePath(text) }
  const [, left = '', operator = '', right = ''] = match
  if (operator === '=~') throw bad('regular expressions are not supported')
  return { left: parsePath(left), operator, right: parseOperand(right) }
}

function parseOperand(text: string): NonNullable<Filter['right']> {
  const quoted = /^(["'])([\s\S]*)\1$/.exec(text)
  if (quoted) return { type: 'value', value: quoted[2] }
  if (text === 'true' || text === 'false') return { type: 'value', value: text === 'true' }
  if (/^-?\d+(\.\d+)?$/.test(text)) return { type: 'value', value: Number(text) }
  return { type: 'path', steps: parsePath(text) }
}

/** `left operator right` as a filter compares them: by value, strings as strings. */
export function comparePath(operator: string, left: unknown, right: unknown): boolean {
  switch (operator) {
    case '==':
      return left === right
    case '!=':
      return left !== right
  }
  if (typeof left !== typeof right || (typeof left !== 'number' && typeof left !== 'string')) return false
  const [a, b] = [left as number, right as number]
  if (operator === '<') return a < b
  if (operator === '>') return a > b
  return operator === '<=' ? a <= b : a >= b
}

function bad(why: string): JsonPathError {
  return new JsonPathError(why)
}

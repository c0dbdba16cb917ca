/**
 * Label selectors as people type them: `app=web,tier in (front, back),!canary`. Mirrors the grammar, and the
 * complaints, of `k8s.io/apimachinery/pkg/labels`.
 */
import { isLabelValue, isQualifiedName } from './validation/names.ts'

/** One condition on one label. `values` are sorted and without repetition. */
export interface LabelRequirement {
  readonly key: string
  readonly operator: '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt'
  readonly values: readonly string[]
}

/** Thrown for a selector that cannot be read; the message is upstream's. */
export class SelectorError extends Error {
  override readonly name = 'SelectorError'
}

const TOKEN = /[ \t\r\n]*(==|!=|[=!(),<>]|[^=!(),<> \t\r\n]+|$)/y
const SYMBOLS = new Set(['==', '!=', '=', '!', '(', ')', ',', '<', '>', ''])
const BINARY_OPERATORS = 'in, notin, =, ==, !=, gt, lt'

/** Requirements sorted by key. Throws {@link SelectorError}. */
export function parseRequirements(text: string): readonly LabelRequirement[] {
  const tokens = new Tokens(text)
  const requirements: LabelRequirement[] = []
  while (tokens.peek() !== '') {
    if (!isIdentifier(tokens.peek()) && tokens.peek() !== '!') {
      throw new SelectorError(`found '${tokens.peek()}', expected: !, identifier, or 'end of string'`)
    }
    requirements.push(parseRequirement(tokens))
    const separator = tokens.next()
    if (separator === '') break
    if (separator !== ',') throw new SelectorError(`found '${separator}', expected: ',' or 'end of string'`)
    if (!isIdentifier(tokens.peek()) && tokens.peek() !== '!') {
      throw new SelectorError(`found '${tokens.peek()}', expected: identifier after ','`)
    }
  }
  return sortByKey(requirements)
}

/** By key; equal keys keep their order. */
export function sortByKey(requirements: LabelRequirement[]): readonly LabelRequirement[] {
  return requirements.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}

class Tokens {
  readonly #tokens: string[] = []
  #next = 0

  constructor(text: string) {
    TOKEN.lastIndex = 0
    for (;;) {
      const token = TOKEN.exec(text)?.[1] ?? ''
      this.#tokens.push(token)
      if (token === '') return
    }
  }

  /** The token to come; '' at the end. */
  peek(): string {
    return this.#tokens[this.#next] ?? ''
  }

  next(): string {
    return this.#tokens[this.#next++] ?? ''
  }
}

function isIdentifier(token: string): boolean {
  return !SYMBOLS.has(token)
}

function parseRequirement(tokens: Tokens): LabelRequirement {
  const isNegated = tokens.peek() === '!'
  if (isNegated) tokens.next()
  const key = tokens.next()
  if (!isIdentifier(key)) throw wrong(`found '${key}', expected: identifier`)
  const complaints = isQualifiedName(key)
  if (complaints.length > 0)
    throw wrong(`<nil>: Invalid value: ${JSON.stringify(key)}: ${complaints.join('; ')}`)
  const isAlone = tokens.peek() === '' || tokens.peek() === ','
  if (isAlone) return { key, operator: isNegated ? '!' : 'exists', values: [] }
  // Upstream forgets the negation when an operator follows: `!a=b` is read as `a=b`; so do we.
  const operator = parseOperator(tokens)
  const values = operator === 'in' || operator === 'notin' ? parseValues(tokens) : parseValue(tokens)
  return checked({ key, operator, values: [...new Set(values)].sort() })
}

function parseOperator(tokens: Tokens): LabelRequirement['operator'] {
  const token = tokens.next()
  switch (token) {
    case 'in':
    case 'notin':
    case '=':
    case '==':
    case '!=':
      return token
    case '>':
      return 'gt'
    case '<':
      return 'lt'
    default:
      throw wrong(`found '${token}', expected: ${BINARY_OPERATORS}`)
  }
}

/** `(a, b)`; an empty place between commas stands for the empty value. */
function parseValues(tokens: Tokens): string[] {
  const open = tokens.next()
  if (open !== '(') throw wrong(`found '${open}' expected: '('`)
  const values: string[] = []
  for (;;) {
    const isValue = isIdentifier(tokens.peek())
    values.push(isValue ? tokens.next() : '')
    const token = tokens.next()
    if (token === ')') return values
    if (token === ',') continue
    if (isValue) throw wrong(`found '${token}', expected: ',' or ')'`)
    const isFirst = values.length === 1
    throw wrong(`found '${token}', expected: ${isFirst ? "',', ')' or identifier" : "',', or identifier"}`)
  }
}

function parseValue(tokens: Tokens): string[] {
  if (tokens.peek() === '' || tokens.peek() === ',') return ['']
  const value = tokens.next()
  if (!isIdentifier(value)) throw wrong(`found '${value}', expected: identifier`)
  return [value]
}

function checked(requirement: LabelRequirement): LabelRequirement {
  const { key, operator, values } = requirement
  const errors: string[] = []
  values.forEach((value, index) => {
    if ((operator === 'gt' || operator === 'lt') && !/^[+-]?\d+$/.test(value)) {
      const detail = "for 'Gt', 'Lt' operators, the value must be an integer"
      errors.push(`values[${index}]: Invalid value: ${JSON.stringify(value)}: ${detail}`)
    }
  })
  values.forEach((value, index) => {
    const complaints = isLabelValue(value)
    if (complaints.length === 0) return
    errors.push(`values[${index}][${key}]: Invalid value: ${JSON.stringify(value)}: ${complaints.join('; ')}`)
  })
  if (errors.length === 0) return requirement
  throw wrong(errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]`)
}

function wrong(what: string): SelectorError {
  return new SelectorError(`unable to parse requirement: ${what}`)
}

/** `$((...))`: whole numbers and variables with C's operators, assignments among them. */
import { ShellSyntaxError } from './syntax.ts'

export interface Variables {
  get(name: string): string
  set(name: string, value: string): void
}

const TOKEN =
  /\s*(0[xX][0-9a-fA-F]+|\d+|[A-Za-z_]\w*|\$\w+|\*\*|<<=|>>=|<<|>>|<=|>=|==|!=|&&|\|\||\+\+|--|[-+*/%&|^]=|\S)/gy

/** Binary operators by how tightly they bind. */
const PRECEDENCE: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '<': 7,
  '>': 7,
  '<=': 7,
  '>=': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
  '**': 11,
}
const ASSIGN = new Set(['=', '+=', '-=', '*=', '/=', '%=', '<<=', '>>=', '&=', '|=', '^='])
const IS_NAME = /^[A-Za-z_]\w*$/

/** The value. Throws {@link ShellSyntaxError}. */
export function arithmetic(text: string, variables: Variables): number {
  const calculator = new Calculator(
    [...text.matchAll(TOKEN)].map(match => match[1]!),
    variables,
  )
  return calculator.all()
}

class Calculator {
  readonly #tokens: readonly string[]
  readonly #variables: Variables
  #at = 0

  constructor(tokens: readonly string[], variables: Variables) {
    this.#tokens = tokens
    this.#variables = variables
  }

  all(): number {
    if (this.#tokens.length === 0) return 0
    let value = this.#assignment()
    while (this.#takes(',')) value = this.#assignment()
    if (this.#at < this.#tokens.length) throw new ShellSyntaxError('arithmetic syntax error')
    return value
  }

  #assignment(): number {
    const name = this.#tokens[this.#at] ?? ''
    const operator = this.#tokens[this.#at + 1] ?? ''
    if (!IS_NAME.test(name) || !ASSIGN.has(operator)) return this.#ternary()
    this.#at += 2
    const right = this.#assignment()
    const value = operator === '=' ? right : compute(operator.slice(0, -1), this.#value(name), right)
    this.#variables.set(name, String(value))
    return value
  }

  #ternary(): number {
    const condition = this.#binary(1)
    if (!this.#takes('?')) return condition
    const yes = this.#assignment()
    if (!this.#takes(':')) throw new ShellSyntaxError('arithmetic syntax error')
    const no = this.#assignment()
    return condition !== 0 ? yes : no
  }

  #binary(least: number): number {
    let left = this.#unary()
    for (;;) {
      const operator = this.#tokens[this.#at] ?? ''
      const precedence = PRECEDENCE[operator] ?? 0
      if (precedence < least) return left
      this.#at++
      left = compute(operator, left, this.#binary(precedence + 1))
    }
  }

  #unary(): number {
    const token = this.#tokens[this.#at++]
    switch (token) {
      case '-':
        return -this.#unary()
      case '+':
        return this.#unary()
      case '!':
        return this.#unary() === 0 ? 1 : 0
      case '~':
        return ~this.#unary()
      case '++':
      case '--':
        return this.#step(this.#tokens[this.#at++] ?? '', token, true)
      case '(': {
        const value = this.#assignment()
        if (!this.#takes(')')) throw new ShellSyntaxError('arithmetic syntax error')
        return value
      }
    }
    if (token === undefined) throw new ShellSyntaxError('arithmetic syntax error')
    if (/^\d/.test(token)) return numberOf(token)
    const name = token.replace(/^\$/, '')
    if (!IS_NAME.test(name)) throw new ShellSyntaxError('arithmetic syntax error')
    const next = this.#tokens[this.#at]
    if (next === '++' || next === '--') {
      this.#at++
      return this.#step(name, next, false)
    }
    return this.#value(name)
  }

  #step(name: string, operator: string, isBefore: boolean): number {
    const old = this.#value(name)
    const value = operator === '++' ? old + 1 : old - 1
    this.#variables.set(name, String(value))
    return isBefore ? value : old
  }

  #value(name: string): number {
    return numberOf(this.#variables.get(name))
  }

  #takes(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false
    this.#at++
    return true
  }
}

function compute(operator: string, a: number, b: number): number {
  switch (operator) {
    case '||':
      return a !== 0 || b !== 0 ? 1 : 0
    case '&&':
      return a !== 0 && b !== 0 ? 1 : 0
    case '|':
      return a | b
    case '^':
      return a ^ b
    case '&':
      return a & b
    case '==':
      return a === b ? 1 : 0
    case '!=':
      return a !== b ? 1 : 0
    case '<':
      return a < b ? 1 : 0
    case '>':
      return a > b ? 1 : 0
    case '<=':
      return a <= b ? 1 : 0
    case '>=':
      return a >= b ? 1 : 0
    case '<<':
      return a << b
    case '>>':
      return a >> b
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '**':
      return a ** b
  }
  if (b === 0) throw new ShellSyntaxError('divide by zero')
  return operator === '/' ? Math.trunc(a / b) : a % b
}

/** Hexadecimal and octal as in C. */
function numberOf(text: string): number {
  if (/^0[xX]/.test(text)) return Number(text)
  return Number.parseInt(text, /^0[0-7]+$/.test(text) ? 8 : 10) || 0
}

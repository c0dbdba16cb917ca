/** Runs an awk program over lines: variables, arrays, fields, and the built-in functions. */

import { formatted } from '../print.ts'
import { expression as posixExpression } from '../regular-expression.ts'
import type { Expression, Rule, Statement } from './syntax.ts'

type Value = number | string
/** How a statement ended, when not by its end. */
type Leap = 'next' | 'break' | 'continue' | 'exit' | undefined

/** What a program that never ends may do before it is killed. */
const MAX_STEPS = 1_000_000

/** Ends the program with its message. */
export class AwkFault extends Error {}

/** A text from the input that looks like a number compares as one. */
class Numeric {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}
type Held = Value | Numeric

export class Machine {
  readonly #variables = new Map<string, Held>([
    ['FS', ' '],
    ['OFS', ' '],
    ['ORS', '\n'],
    ['SUBSEP', '\x1c'],
    ['NR', 0],
    ['NF', 0],
    ['RSTART', 0],
    ['RLENGTH', -1],
  ])
  readonly #arrays = new Map<string, Map<string, Held>>()
  readonly #expressions = new Map<string, RegExp>()
  readonly #rules: readonly Rule[]
  readonly #inRange = new Set<Rule>()
  readonly #print: (text: string) => void
  #line = ''
  #fields: string[] = []
  #steps = 0
  exitCode: number | undefined

  constructor(rules: readonly Rule[], print: (text: string) => void) {
    this.#rules = rules
    this.#print = print
  }

  get wantsInput(): boolean {
    return this.#rules.some(({ pattern }) => pattern !== 'BEGIN')
  }

  set(name: string, text: string): void {
    this.#variables.set(name, fromInput(text))
  }

  /** BEGIN or END. */
  edge(pattern: 'BEGIN' | 'END'): void {
    for (const rule of this.#rules) {
      if (rule.pattern === pattern && rule.action && this.#run(rule.action) === 'exit') return
    }
  }

  line(text: string): void {
    this.#variables.set('NR', toNumber(this.#get('NR')) + 1)
    this.#setLine(text)
    for (const rule of this.#rules) {
      if (rule.pattern === 'BEGIN' || rule.pattern === 'END' || !this.#applies(rule)) continue
      if (!rule.action) this.#print(this.#line + toText(this.#get('ORS')))
      else if (this.#run(rule.action)) return
    }
  }

  #applies(rule: Rule): boolean {
    const { pattern, until } = rule
    if (pattern === undefined) return true
    if (typeof pattern === 'string') return false
    if (!until) return isTrue(this.#value(pattern))
    if (!this.#inRange.has(rule)) {
      if (!isTrue(this.#value(pattern))) return false
      this.#inRange.add(rule)
    }
    if (isTrue(this.#value(until))) this.#inRange.delete(rule)
    return true
  }

  #run(statement: Statement): Leap {
    if (++this.#steps > MAX_STEPS) throw new AwkFault('too many steps')
    switch (statement.type) {
      case 'expression':
        this.#value(statement.value)
        return undefined
      case 'print': {
        const { values } = statement
        const texts = values.length === 0 ? [this.#line] : values.map(one => toText(this.#value(one)))
        this.#print(texts.join(toText(this.#get('OFS'))) + toText(this.#get('ORS')))
        return undefined
      }
      case 'printf': {
        const [format = '', ...args] = statement.values.map(one => toText(this.#value(one)))
        this.#print(formatted(format, args))
        return undefined
      }
      case 'if': {
        const chosen = isTrue(this.#value(statement.test)) ? statement.yes : statement.no
        return chosen && this.#run(chosen)
      }
      case 'while':
        return this.#loop(statement.test, undefined, statement.body)
      case 'for':
        if (statement.start) this.#run(statement.start)
        return this.#loop(statement.test, statement.step, statement.body)
      case 'each':
        for (const key of [...this.#array(statement.array).keys()]) {
          this.#variables.set(statement.name, fromInput(key))
          const leap = this.#run(statement.body)
          if (leap === 'break') break
          if (leap === 'next' || leap === 'exit') return leap
        }
        return undefined
      case 'block':
        for (const one of statement.statements) {
          const leap = this.#run(one)
          if (leap) return leap
        }
        return undefined
      case 'delete':
        if (statement.index) this.#array(statement.name).delete(this.#key(statement.index))
        else this.#array(statement.name).clear()
        return undefined
      case 'exit':
        this.exitCode = statement.code ? Math.trunc(toNumber(this.#value(statement.code))) & 255 : 0
        return 'exit'
      default:
        return statement.type
    }
  }

  #loop(test: Expression | undefined, step: Statement | undefined, body: Statement): Leap {
    while (test === undefined || isTrue(this.#value(test))) {
      const leap = this.#run(body)
      if (leap === 'break') return undefined
      if (leap === 'next' || leap === 'exit') return leap
      if (step) this.#run(step)
    }
    return undefined
  }

  #value(node: Expression): Held {
    switch (node.type) {
      case 'number':
      case 'text':
        return node.value
      case 'regex':
        return this.#expression(node.source).test(this.#line) ? 1 : 0
      case 'name':
        return this.#get(node.name)
      case 'field':
        return this.#field(toNumber(this.#value(node.index)))
      case 'element': {
        const key = this.#key(node.index)
        const array = this.#array(node.name)
        if (!array.has(key)) array.set(key, '')
        return array.get(key)!
      }
      case 'in':
        return this.#array(node.name).has(this.#key(node.index)) ? 1 : 0
      case 'unary': {
        const operand = this.#value(node.operand)
        if (node.operator === '!') return isTrue(operand) ? 0 : 1
        return node.operator === '-' ? -toNumber(operand) : toNumber(operand)
      }
      case 'binary':
        return this.#binary(node.operator, node.left, node.right)
      case 'choice':
        return this.#value(isTrue(this.#value(node.test)) ? node.yes : node.no)
      case 'assign': {
        const value = this.#value(node.value)
        const { operator, target } = node
        const result =
          operator === '='
            ? value
            : arithmetic(operator.slice(0, -1), toNumber(this.#value(target)), toNumber(value))
        return this.#assign(target, result)
      }
      case 'step': {
        const before = toNumber(this.#value(node.target))
        this.#assign(node.target, before + node.by)
        return node.isPrefix ? before + node.by : before
      }
      case 'call':
        return this.#call(node.name, node.args)
    }
  }

  #binary(operator: string, left: Expression, right: Expression): Value {
    if (operator === '&&') return isTrue(this.#value(left)) && isTrue(this.#value(right)) ? 1 : 0
    if (operator === '||') return isTrue(this.#value(left)) || isTrue(this.#value(right)) ? 1 : 0
    if (operator === '~' || operator === '!~') {
      const isMatch = this.#pattern(right).test(toText(this.#value(left)))
      return isMatch === (operator === '~') ? 1 : 0
    }
    const [a, b] = [this.#value(left), this.#value(right)]
    if (operator === ' ') return toText(a) + toText(b)
    return /^[<>=!]/.test(operator) ? compare(operator, a, b) : arithmetic(operator, toNumber(a), toNumber(b))
  }

  /** A regular expression written as one, or any value as one. */
  #pattern(node: Expression): RegExp {
    return this.#expression(node.type === 'regex' ? node.source : toText(this.#value(node)))
  }

  #expression(source: string): RegExp {
    const known = this.#expressions.get(source)
    if (known) return known
    const made = posixExpression(source, true)
    if (!made) throw new AwkFault(`bad regex '${source}'`)
    this.#expressions.set(source, made)
    return made
  }

  #call(name: string, args: readonly Expression[]): Held {
    const value = (at: number): Held => (args[at] ? this.#value(args[at]) : '')
    const text = (at: number) => toText(value(at))
    const number = (at: number) => toNumber(value(at))
    switch (name) {
      case 'length': {
        const [only] = args
        if (only?.type === 'name' && this.#arrays.has(only.name)) return this.#array(only.name).size
        return only ? text(0).length : this.#line.length
      }
      case 'substr': {
        const from = Math.round(number(1))
        const whole = text(0)
        const until = args[2] ? from + Math.round(number(2)) : whole.length + 1
        return whole.slice(Math.max(from - 1, 0), Math.max(until - 1, 0))
      }
      case 'index':
        return text(0).indexOf(text(1)) + 1
      case 'split':
        return this.#split(args)
      case 'match': {
        const found = this.#pattern(args[1]!).exec(text(0))
        this.#variables.set('RSTART', found ? found.index + 1 : 0)
        this.#variables.set('RLENGTH', found ? found[0].length : -1)
        return found ? found.index + 1 : 0
      }
      case 'sub':
      case 'gsub':
        return this.#substitute(args, name === 'gsub')
      case 'tolower':
        return text(0).toLowerCase()
      case 'toupper':
        return text(0).toUpperCase()
      case 'sprintf': {
        const [format = '', ...rest] = args.map(one => toText(this.#value(one)))
        return formatted(format, rest)
      }
      case 'int':
        return Math.trunc(number(0))
      case 'sqrt':
        return Math.sqrt(number(0))
    }
    throw new AwkFault(`call to undefined function`)
  }

  #split(args: readonly Expression[]): number {
    const [source, into, separator] = args
    if (!source || into?.type !== 'name') throw new AwkFault('split needs an array')
    const by = separator?.type === 'regex' ? separator.source : separator && toText(this.#value(separator))
    const pieces = this.#pieces(toText(this.#value(source)), by ?? toText(this.#get('FS')))
    this.#arrays.set(into.name, new Map(pieces.map((piece, i) => [String(i + 1), fromInput(piece)])))
    return pieces.length
  }

  #substitute(args: readonly Expression[], isGlobal: boolean): number {
    const [pattern, by, target = LINE] = args
    if (!pattern || !by) throw new AwkFault('syntax error')
    const replacement = toText(this.#value(by))
    const expression = new RegExp(this.#pattern(pattern).source, isGlobal ? 'g' : '')
    let count = 0
    const result = toText(this.#value(target)).replace(expression, found => {
      count++
      return replacement.replace(/\\&|&/g, mark => (mark === '&' ? found : '&'))
    })
    if (count > 0) this.#assign(target, result)
    return count
  }

  #assign(target: Expression, value: Held): Held {
    if (target.type === 'name') {
      this.#variables.set(target.name, value)
      if (target.name === 'NF') {
        const count = toNumber(value)
        this.#fields.length = Math.min(count, this.#fields.length)
        while (this.#fields.length < count) this.#fields.push('')
        this.#line = this.#fields.join(toText(this.#get('OFS')))
      }
    } else if (target.type === 'element') this.#array(target.name).set(this.#key(target.index), value)
    else if (target.type === 'field') {
      const index = toNumber(this.#value(target.index))
      if (index === 0) this.#setLine(toText(value))
      else {
        while (this.#fields.length < index) this.#fields.push('')
        this.#fields[index - 1] = toText(value)
        this.#variables.set('NF', this.#fields.length)
        this.#line = this.#fields.join(toText(this.#get('OFS')))
      }
    } else throw new AwkFault('syntax error')
    return value
  }

  #get(name: string): Held {
    return this.#variables.get(name) ?? ''
  }

  #array(name: string): Map<string, Held> {
    const known = this.#arrays.get(name)
    if (known) return known
    const made = new Map<string, Held>()
    this.#arrays.set(name, made)
    return made
  }

  #key(index: readonly Expression[]): string {
    return index.map(one => toText(this.#value(one))).join(toText(this.#get('SUBSEP')))
  }

  #field(index: number): Held {
    return fromInput(index === 0 ? this.#line : (this.#fields[index - 1] ?? ''))
  }

  #setLine(text: string): void {
    this.#line = text
    this.#fields = this.#pieces(text, toText(this.#get('FS')))
    this.#variables.set('NF', this.#fields.length)
  }

  #pieces(text: string, separator: string): string[] {
    if (separator === ' ') return text.split(/[ \t\n]+/).filter(Boolean)
    if (text === '') return []
    return separator.length === 1 ? text.split(separator) : text.split(this.#expression(separator))
  }
}

const LINE: Expression = { type: 'field', index: { type: 'number', value: 0 } }

function fromInput(text: string): Held {
  return /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/.test(text) ? new Numeric(text) : text
}

function toText(value: Held): string {
  if (value instanceof Numeric) return value.text
  if (typeof value === 'string' || Number.isInteger(value)) return String(value)
  return String(Number(value.toPrecision(6)))
}

/** The number at the beginning of a text. */
function toNumber(value: Held): number {
  if (typeof value === 'number') return value
  const text = value instanceof Numeric ? value.text : value
  return Number(/^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/.exec(text)?.[0] ?? 0)
}

function isTrue(value: Held): boolean {
  return typeof value === 'string' ? value !== '' : toNumber(value) !== 0
}

function compare(operator: string, a: Held, b: Held): Value {
  const isText = typeof a === 'string' || typeof b === 'string'
  const [left, right] = isText ? [toText(a), toText(b)] : [toNumber(a), toNumber(b)]
  const order = left < right ? -1 : left > right ? 1 : 0
  const answers = { '<': order < 0, '<=': order <= 0, '==': order === 0, '!=': order !== 0, '>': order > 0 }
  return (operator === '>=' ? order >= 0 : answers[operator as keyof typeof answers]) ? 1 : 0
}

function arithmetic(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '^':
      return a ** b
  }
  if (b === 0) throw new AwkFault('Division by zero')
  return operator === '/' ? a / b : a % b
}

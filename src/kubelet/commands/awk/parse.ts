/** Reads an awk program by recursive descent. */
import type { Expression, Rule, Statement } from './syntax.ts'

/** `message` is what awk says of the program. */
export type Parsed =
  | { readonly ok: true; readonly rules: readonly Rule[] }
  | { readonly ok: false; readonly message: string }

interface Token {
  readonly type: 'number' | 'text' | 'regex' | 'name' | 'call' | 'operator' | 'newline' | 'end'
  readonly text: string
}

class SyntaxFault extends Error {}

export function parseAwk(source: string): Parsed {
  try {
    return { ok: true, rules: new Parser(tokens(source)).program() }
  } catch (error) {
    if (error instanceof SyntaxFault) return { ok: false, message: error.message }
    throw error
  }
}

const OPERATORS = /^(?:&&|\|\||==|!=|<=|>=|\+\+|--|\+=|-=|\*=|\/=|%=|\^=|\*\*|!~|[{}()[\];,<>=!~?:+\-*/%^$])/

function tokens(source: string): Token[] {
  const found: Token[] = []
  let text = source.replace(/\\\n/g, ' ')
  const take = (type: Token['type'], length: number, value = text.slice(0, length)) => {
    found.push({ type, text: value })
    text = text.slice(length)
  }
  while (text !== '') {
    const blank = /^(?:[ \t\r]+|#[^\n]*)+/.exec(text)
    if (blank) {
      text = text.slice(blank[0].length)
      continue
    }
    const number = /^(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/.exec(text)
    const name = /^[A-Za-z_]\w*/.exec(text)
    const quoted = /^"((?:[^"\\\n]|\\.)*)"/.exec(text)
    const regex = isOperandNext(found.at(-1)) ? /^\/((?:[^/\\\n[]|\\.|\[\^?\]?[^\]]*\])*)\//.exec(text) : null
    if (text[0] === '\n') take('newline', 1)
    else if (number) take('number', number[0].length)
    else if (name) take(text[name[0].length] === '(' ? 'call' : 'name', name[0].length)
    else if (quoted) take('text', quoted[0].length, unescaped(quoted[1]!))
    else if (regex) take('regex', regex[0].length, regex[1])
    else {
      const operator = OPERATORS.exec(text)
      if (!operator) throw new SyntaxFault(`unexpected character '${text[0]}'`)
      take('operator', operator[0].length)
    }
  }
  found.push({ type: 'end', text: '' })
  return found
}

/** A slash after an operand divides; elsewhere it begins a regular expression. */
function isOperandNext(before: Token | undefined): boolean {
  if (!before || before.type === 'newline' || before.type === 'call') return true
  return before.type === 'operator' && !/^(?:\)|\]|\$|\+\+|--)$/.test(before.text)
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  '"': '"',
  '/': '/',
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (whole, letter: string) => ESCAPES[letter] ?? whole)
}

/** From loosest to tightest; comparison does not chain. */
const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['~', '!~'],
  ['<', '<=', '==', '!=', '>', '>='],
  [' '],
  ['+', '-'],
  ['*', '/', '%'],
]
const CONCATENATION = 4

class Parser {
  readonly #tokens: readonly Token[]
  #at = 0
  /** In a print statement `>` is no comparison. */
  #isPrinting = false

  constructor(found: readonly Token[]) {
    this.#tokens = found
  }

  program(): Rule[] {
    const rules: Rule[] = []
    for (this.#skip(); this.#now.type !== 'end'; this.#skip()) rules.push(this.#rule())
    return rules
  }

  get #now(): Token {
    return this.#tokens[this.#at]!
  }

  #is(text: string): boolean {
    const { type, text: now } = this.#now
    return now === text && (type === 'operator' || type === 'name' || type === 'call')
  }

  #accept(text: string): boolean {
    if (!this.#is(text)) return false
    this.#at++
    return true
  }

  #expect(text: string): void {
    if (!this.#accept(text))
      throw new SyntaxFault(`syntax error at or near ${this.#now.text || 'end of file'}`)
  }

  /** Over newlines and semicolons. */
  #skip(): void {
    while (this.#now.type === 'newline' || this.#is(';')) this.#at++
  }

  #newlines(): void {
    while (this.#now.type === 'newline') this.#at++
  }

  #rule(): Rule {
    let pattern: Rule['pattern']
    let until: Expression | undefined
    if (this.#accept('BEGIN')) pattern = 'BEGIN'
    else if (this.#accept('END')) pattern = 'END'
    else if (!this.#is('{')) {
      pattern = this.#expression()
      if (this.#accept(',')) until = this.#expression()
    }
    return { pattern, until, action: this.#is('{') ? this.#block() : undefined }
  }

  #block(): Statement {
    this.#expect('{')
    const statements: Statement[] = []
    for (this.#skip(); !this.#accept('}'); this.#skip()) statements.push(this.#statement())
    return { type: 'block', statements }
  }

  #statement(): Statement {
    if (this.#is('{')) return this.#block()
    if (this.#accept('if')) {
      const test = this.#test()
      const yes = this.#body()
      const before = this.#at
      this.#skip()
      if (this.#accept('else')) return { type: 'if', test, yes, no: this.#body() }
      this.#at = before
      return { type: 'if', test, yes, no: undefined }
    }
    if (this.#accept('while')) return { type: 'while', test: this.#test(), body: this.#body() }
    if (this.#accept('for')) return this.#for()
    return this.#simple()
  }

  #test(): Expression {
    this.#expect('(')
    const test = this.#expression()
    this.#expect(')')
    return test
  }

  #body(): Statement {
    this.#newlines()
    if (this.#accept(';')) return { type: 'block', statements: [] }
    return this.#statement()
  }

  #for(): Statement {
    this.#expect('(')
    const [name, of, array, close] = this.#tokens.slice(this.#at, this.#at + 4)
    if (name?.type === 'name' && of?.text === 'in' && array?.type === 'name' && close?.text === ')') {
      this.#at += 4
      return { type: 'each', name: name.text, array: array.text, body: this.#body() }
    }
    const start = this.#is(';') ? undefined : this.#simple()
    this.#expect(';')
    const test = this.#is(';') ? undefined : this.#expression()
    this.#expect(';')
    const step = this.#is(')') ? undefined : this.#simple()
    this.#expect(')')
    return { type: 'for', start, test, step, body: this.#body() }
  }

  #simple(): Statement {
    for (const type of ['next', 'break', 'continue'] as const) if (this.#accept(type)) return { type }
    if (this.#accept('exit')) {
      return { type: 'exit', code: this.#isEndOfStatement() ? undefined : this.#expression() }
    }
    if (this.#accept('delete')) {
      const name = this.#now.text
      this.#at++
      return { type: 'delete', name, index: this.#accept('[') ? this.#list(']') : undefined }
    }
    for (const type of ['print', 'printf'] as const) {
      if (!this.#accept(type)) continue
      this.#isPrinting = true
      const values = this.#printed()
      this.#isPrinting = false
      return { type, values }
    }
    return { type: 'expression', value: this.#expression() }
  }

  /** What follows `print`: a list, in parentheses or not. */
  #printed(): readonly Expression[] {
    if (this.#isEndOfStatement()) return []
    const before = this.#at
    if (this.#accept('(')) {
      this.#isPrinting = false
      const values = this.#list(')')
      this.#isPrinting = true
      if (this.#isEndOfStatement()) return values
      this.#at = before
    }
    const values = [this.#expression()]
    while (this.#accept(',')) values.push(this.#expression())
    return values
  }

  #isEndOfStatement(): boolean {
    return this.#now.type === 'newline' || this.#now.type === 'end' || this.#is(';') || this.#is('}')
  }

  #list(close: string): Expression[] {
    const values: Expression[] = []
    if (this.#accept(close)) return values
    do {
      this.#newlines()
      values.push(this.#expression())
    } while (this.#accept(','))
    this.#expect(close)
    return values
  }

  #expression(): Expression {
    const left = this.#choice()
    const operator = this.#now.text
    if (this.#now.type !== 'operator' || !/^[-+*/%^]?=$/.test(operator)) return left
    if (left.type !== 'name' && left.type !== 'field' && left.type !== 'element') return left
    this.#at++
    this.#newlines()
    return { type: 'assign', operator, target: left, value: this.#expression() }
  }

  #choice(): Expression {
    const test = this.#binary(0)
    if (!this.#accept('?')) return test
    const yes = this.#expression()
    this.#expect(':')
    return { type: 'choice', test, yes, no: this.#expression() }
  }

  #binary(level: number): Expression {
    const operators = LEVELS[level]
    if (!operators) return this.#unary()
    let left = this.#binary(level + 1)
    for (;;) {
      if (level === CONCATENATION) {
        if (!this.#isOperand()) return left
        left = { type: 'binary', operator: ' ', left, right: this.#binary(level + 1) }
        continue
      }
      if (level === 2 && this.#accept('in')) {
        left = { type: 'in', index: [left], name: this.#now.text }
        this.#at++
        continue
      }
      const operator = operators.find(one => this.#is(one) && !(one === '>' && this.#isPrinting))
      if (operator === undefined) return left
      this.#at++
      this.#newlines()
      left = { type: 'binary', operator, left, right: this.#binary(level + 1) }
    }
  }

  /** Whether what comes could be joined to what was: not a sign, which would be an operator. */
  #isOperand(): boolean {
    const { type } = this.#now
    if (type === 'name') return !this.#is('in')
    if (type === 'number' || type === 'text' || type === 'regex' || type === 'call') return true
    return this.#is('$') || this.#is('(') || this.#is('!') || this.#is('++') || this.#is('--')
  }

  #unary(): Expression {
    for (const operator of ['!', '-', '+'] as const) {
      if (this.#accept(operator)) return { type: 'unary', operator, operand: this.#unary() }
    }
    const base = this.#postfix()
    if (!this.#accept('^') && !this.#accept('**')) return base
    return { type: 'binary', operator: '^', left: base, right: this.#unary() }
  }

  #postfix(): Expression {
    const [up, down] = [this.#accept('++'), this.#accept('--')]
    if (up || down) return { type: 'step', by: up ? 1 : -1, isPrefix: true, target: this.#primary() }
    const target = this.#primary()
    if (target.type !== 'name' && target.type !== 'field' && target.type !== 'element') return target
    if (this.#accept('++')) return { type: 'step', by: 1, isPrefix: false, target }
    if (this.#accept('--')) return { type: 'step', by: -1, isPrefix: false, target }
    return target
  }

  #primary(): Expression {
    const { type, text } = this.#now
    if (this.#accept('$')) {
      const isStep = this.#is('++') || this.#is('--')
      return { type: 'field', index: isStep ? this.#postfix() : this.#primary() }
    }
    if (this.#accept('(')) {
      const wasPrinting = this.#isPrinting
      this.#isPrinting = false
      const values = this.#list(')')
      this.#isPrinting = wasPrinting
      if (this.#accept('in')) {
        const name = this.#now.text
        this.#at++
        return { type: 'in', index: values, name }
      }
      if (values.length !== 1) throw new SyntaxFault('syntax error at or near )')
      return values[0]!
    }
    this.#at++
    if (type === 'number') return { type, value: Number(text) }
    if (type === 'text') return { type, value: text }
    if (type === 'regex') return { type, source: text }
    if (type === 'call') {
      this.#expect('(')
      const wasPrinting = this.#isPrinting
      this.#isPrinting = false
      const args = this.#list(')')
      this.#isPrinting = wasPrinting
      return { type, name: text, args }
    }
    if (type !== 'name') throw new SyntaxFault(`syntax error at or near ${text || 'end of file'}`)
    if (text === 'length') return { type: 'call', name: text, args: [] }
    if (this.#accept('[')) return { type: 'element', name: text, index: this.#list(']') }
    return { type, name: text }
  }
}

/**
 * Reads the shell scripts that manifests carry: lists, `&&` and `||`, `while`, `until`, `for`, `if`, braces,
 * quotes, variables, `$(...)`, `$((...))` and redirections to files. Pipes, here-documents, functions, `case`
 * and background jobs are refused.
 */

export class ShellSyntaxError extends Error {
  override readonly name = 'ShellSyntaxError'
}

/** A piece of a word: text, a variable, a command's output, or a sum. Quoted pieces are not split. */
interface WordPart {
  readonly type: 'text' | 'variable' | 'command' | 'arithmetic'
  readonly value: string
  readonly isQuoted: boolean
}
export type Word = readonly WordPart[]

interface Redirect {
  readonly target: Word
  readonly mode: 'write' | 'append' | 'discard'
}

export type Command =
  | {
      readonly type: 'simple'
      readonly assignments: readonly { readonly name: string; readonly value: Word }[]
      readonly words: readonly Word[]
      readonly redirects: readonly Redirect[]
    }
  | { readonly type: 'list'; readonly items: readonly Command[] }
  | { readonly type: 'and' | 'or'; readonly left: Command; readonly right: Command }
  | { readonly type: 'not'; readonly command: Command }
  | {
      readonly type: 'loop'
      readonly isUntil: boolean
      readonly condition: Command
      readonly body: Command
    }
  | { readonly type: 'for'; readonly name: string; readonly words: readonly Word[]; readonly body: Command }
  | { readonly type: 'if'; readonly condition: Command; readonly then: Command; readonly otherwise?: Command }

type Token =
  | { readonly type: 'word'; readonly word: Word; readonly plain: string }
  | { readonly type: 'op'; readonly op: string }

const OPERATORS = ['&&', '||', ';;', '2>&1', '2>', '1>', '>>', '>', ';', '\n', '&', '|', '(', ')', '<']
const REDIRECTS = new Set(['>', '>>', '1>', '2>'])

/** Throws {@link ShellSyntaxError} for what is wrong or not modelled. */
export function parseScript(text: string): Command {
  const parser = new Parser(tokenize(text))
  const script = parser.list([])
  parser.expectEnd()
  return script
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let i = 0
  while (i < text.length) {
    const c = text[i]!
    if (c === ' ' || c === '\t' || c === '\r') {
      i++
      continue
    }
    if (c === '\\' && text[i + 1] === '\n') {
      i += 2
      continue
    }
    if (c === '#') {
      while (i < text.length && text[i] !== '\n') i++
      continue
    }
    const op = OPERATORS.find(candidate => text.startsWith(candidate, i))
    if (op) {
      tokens.push({ type: 'op', op })
      i += op.length
      continue
    }
    const { word, plain, end } = readWord(text, i)
    tokens.push({ type: 'word', word, plain })
    i = end
  }
  return tokens
}

function readWord(text: string, start: number): { word: Word; plain: string; end: number } {
  const word: WordPart[] = []
  let plain = ''
  let i = start
  let isQuoted = false
  let hasQuotes = false
  const push = (type: WordPart['type'], value: string) => {
    const last = word.at(-1)
    if (type === 'text' && last?.type === 'text' && last.isQuoted === isQuoted) {
      word[word.length - 1] = { ...last, value: last.value + value }
    } else word.push({ type, value, isQuoted })
  }
  while (i < text.length) {
    const c = text[i]!
    if (!isQuoted && /[\s;&|()<>]/.test(c)) break
    if (c === "'" && !isQuoted) {
      const close = text.indexOf("'", i + 1)
      if (close < 0) throw new ShellSyntaxError('unterminated quoted string')
      isQuoted = true
      hasQuotes = true
      push('text', text.slice(i + 1, close))
      isQuoted = false
      i = close + 1
    } else if (c === '"') {
      isQuoted = !isQuoted
      hasQuotes = true
      if (isQuoted) push('text', '')
      i++
    } else if (c === '\\') {
      const escaped = text[i + 1] ?? ''
      push('text', isQuoted && !/["\\$`]/.test(escaped) ? `\\${escaped}` : escaped)
      i += 2
    } else if (c === '$') {
      i = readExpansion(text, i, push)
    } else if (c === '`') throw new ShellSyntaxError('backquotes are not modelled; use $(...)')
    else {
      push('text', c)
      if (!isQuoted) plain += c
      i++
    }
  }
  if (isQuoted) throw new ShellSyntaxError('unterminated quoted string')
  return { word, plain: hasQuotes || word.some(part => part.type !== 'text') ? '' : plain, end: i }
}

/** From a `$`; returns where it ends. */
function readExpansion(
  text: string,
  start: number,
  push: (type: WordPart['type'], value: string) => void,
): number {
  if (text.startsWith('$((', start)) {
    const end = text.indexOf('))', start)
    if (end < 0) throw new ShellSyntaxError("missing '))'")
    push('arithmetic', text.slice(start + 3, end))
    return end + 2
  }
  if (text[start + 1] === '(') {
    let depth = 0
    for (let i = start + 1; i < text.length; i++) {
      if (text[i] === '(') depth++
      if (text[i] === ')' && --depth === 0) {
        push('command', text.slice(start + 2, i))
        return i + 1
      }
    }
    throw new ShellSyntaxError("missing ')'")
  }
  const match = /^\$(?:\{(\w+)\}|([A-Za-z_]\w*|[0-9?#@*$]))/.exec(text.slice(start, start + 256))
  if (!match) {
    if (text[start + 1] === '{')
      throw new ShellSyntaxError('of parameter expansions only names in braces are modelled')
    push('text', '$')
    return start + 1
  }
  push('variable', match[1] ?? match[2]!)
  return start + match[0].length
}

class Parser {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  expectEnd(): void {
    const token = this.#tokens[this.#at]
    if (token) throw new ShellSyntaxError(`unexpected "${token.type === 'op' ? token.op : token.plain}"`)
  }

  /** Commands up to one of the reserved words `ends`, which is left for the caller. */
  list(ends: readonly string[]): Command {
    const items: Command[] = []
    for (;;) {
      while (this.#isOp(';') || this.#isOp('\n')) this.#at++
      const token = this.#tokens[this.#at]
      if (!token || (token.type === 'word' && ends.includes(token.plain))) break
      items.push(this.#andOr())
      if (this.#isOp('&')) throw new ShellSyntaxError('background jobs are not modelled')
      if (!this.#isOp(';') && !this.#isOp('\n')) break
    }
    return items.length === 1 ? items[0]! : { type: 'list', items }
  }

  #andOr(): Command {
    let left = this.#command()
    while (this.#isOp('&&') || this.#isOp('||')) {
      const type = this.#isOp('&&') ? 'and' : 'or'
      this.#at++
      while (this.#isOp('\n')) this.#at++
      left = { type, left, right: this.#command() }
    }
    return left
  }

  #command(): Command {
    const token = this.#tokens[this.#at]
    if (token?.type === 'op') throw new ShellSyntaxError(`unexpected "${token.op}"`)
    switch (token?.plain) {
      case '!':
        this.#at++
        return { type: 'not', command: this.#command() }
      case 'while':
      case 'until': {
        this.#at++
        const condition = this.#block('do')
        return { type: 'loop', isUntil: token.plain === 'until', condition, body: this.#block('done') }
      }
      case 'for':
        return this.#for()
      case 'if':
        this.#at++
        return this.#if()
      case '{':
        this.#at++
        return this.#block('}')
      case 'case':
      case 'function':
        throw new ShellSyntaxError(`"${token.plain}" is not modelled`)
    }
    return this.#simple()
  }

  /** A list and the reserved word that closes it. */
  #block(end: string): Command {
    const body = this.list([end])
    this.#take(end)
    return body
  }

  #for(): Command {
    this.#at++
    const token = this.#tokens[this.#at++]
    const name = token?.type === 'word' ? token.plain : ''
    this.#take('in')
    const words: Word[] = []
    for (let next = this.#tokens[this.#at]; next?.type === 'word'; next = this.#tokens[this.#at]) {
      words.push(next.word)
      this.#at++
    }
    while (this.#isOp(';') || this.#isOp('\n')) this.#at++
    this.#take('do')
    return { type: 'for', name, words, body: this.#block('done') }
  }

  #if(): Command {
    const condition = this.#block('then')
    const then = this.list(['elif', 'else', 'fi'])
    const token = this.#tokens[this.#at++]
    const word = token?.type === 'word' ? token.plain : ''
    if (word === 'fi') return { type: 'if', condition, then }
    if (word === 'elif') return { type: 'if', condition, then, otherwise: this.#if() }
    if (word === 'else') return { type: 'if', condition, then, otherwise: this.#block('fi') }
    throw new ShellSyntaxError('unexpected end of file (expecting "fi")')
  }

  #simple(): Command {
    const assignments: { name: string; value: Word }[] = []
    const words: Word[] = []
    const redirects: Redirect[] = []
    for (let token = this.#tokens[this.#at]; token; token = this.#tokens[this.#at]) {
      if (token.type === 'op') {
        if (token.op === '2>&1') this.#at++
        else if (REDIRECTS.has(token.op)) redirects.push(this.#redirect(token.op))
        else if ('|(<'.includes(token.op)) throw new ShellSyntaxError(`"${token.op}" is not modelled`)
        else break
        continue
      }
      this.#at++
      const assignment = words.length === 0 ? asAssignment(token.word) : undefined
      if (assignment) assignments.push(assignment)
      else words.push(token.word)
    }
    return { type: 'simple', assignments, words, redirects }
  }

  #redirect(op: string): Redirect {
    const target = this.#tokens[++this.#at]
    if (target?.type !== 'word') throw new ShellSyntaxError(`a file is expected after "${op}"`)
    this.#at++
    return { target: target.word, mode: op === '2>' ? 'discard' : op === '>>' ? 'append' : 'write' }
  }

  #isOp(op: string): boolean {
    const token = this.#tokens[this.#at]
    return token?.type === 'op' && token.op === op
  }

  #take(word: string): void {
    const token = this.#tokens[this.#at++]
    if (token?.type !== 'word' || token.plain !== word) {
      throw new ShellSyntaxError(`unexpected ${token ? 'word' : 'end of file'} (expecting "${word}")`)
    }
  }
}

/** `NAME=value`, if the word is one. */
function asAssignment(word: Word): { name: string; value: Word } | undefined {
  const [first, ...rest] = word
  const match =
    first?.type === 'text' && !first.isQuoted ? /^([A-Za-z_]\w*)=(.*)$/s.exec(first.value) : undefined
  if (!match) return undefined
  return { name: match[1]!, value: [{ type: 'text', value: match[2]!, isQuoted: false }, ...rest] }
}

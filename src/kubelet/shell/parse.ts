/** Reads shell scripts: the POSIX shell's grammar with bash's `function`, `&>` and `[[` as a command. */
import {
  type Assignment,
  type Command,
  type Redirect,
  ShellSyntaxError,
  type Word,
  type WordPart,
} from './syntax.ts'
import { type ReadSubstitution, WordReader } from './word-reader.ts'

/** Throws {@link ShellSyntaxError}. */
export function parseScript(text: string): Command {
  const parser = new Parser(text, 0)
  const script = parser.list([])
  parser.expectEnd()
  return script
}

const OPERATORS = ['&&', '||', ';;', ';', '&', '|', '(', ')'] as const
const REDIRECT = /^(\d?)(<<-|<<<|<<|<&|>>|>&|>\||<|>)|^(&>>|&>)/
const NAME = /^[A-Za-z_]\w*$/

interface PendingHere {
  readonly redirect: Extract<Redirect, { type: 'here' }>
  readonly delimiter: string
  readonly isQuoted: boolean
  readonly hasTabs: boolean
}

const substitution: ReadSubstitution = (text, start) => {
  const parser = new Parser(text, start)
  const body = parser.list([])
  return { body, end: parser.closeParenthesis() }
}

class Parser {
  readonly #text: string
  #at: number
  readonly #heres: PendingHere[] = []

  constructor(text: string, at: number) {
    this.#text = text
    this.#at = at
  }

  expectEnd(): void {
    this.#skipBlanks()
    if (this.#at < this.#text.length) throw this.#unexpected()
    if (this.#heres.length > 0) throw new ShellSyntaxError('here-document is not ended', true)
  }

  closeParenthesis(): number {
    this.#skipLines()
    if (this.#at >= this.#text.length) throw new ShellSyntaxError("missing ')'", true)
    if (this.#text[this.#at] !== ')') throw this.#unexpected()
    return this.#at + 1
  }

  /** Commands up to one of the reserved words `ends`, a `)` or a `;;`, which are left for the caller. */
  list(ends: readonly string[]): Command {
    const items: { command: Command; isBackground: boolean; text: string }[] = []
    for (;;) {
      this.#skipLines()
      if (this.#isAtEnd(ends)) break
      const start = this.#at
      const command = this.#andOr()
      const text = this.#text.slice(start, this.#at).trim()
      this.#skipBlanks()
      const isBackground = this.#takes('&')
      items.push({ command, isBackground, text })
      if (isBackground) continue
      if (this.#peek(';;')) break
      if (!this.#takes(';') && this.#text[this.#at] !== '\n') break
    }
    const [only] = items
    return items.length === 1 && !only!.isBackground ? only!.command : { type: 'list', items }
  }

  #isAtEnd(ends: readonly string[]): boolean {
    if (this.#at >= this.#text.length || this.#text[this.#at] === ')' || this.#peek(';;')) return true
    const word = this.#peekWord()
    return word !== undefined && ends.includes(word)
  }

  #andOr(): Command {
    let left = this.#pipeline()
    for (;;) {
      this.#skipBlanks()
      const type = this.#peek('&&') ? 'and' : this.#peek('||') ? 'or' : undefined
      if (!type) return left
      this.#at += 2
      this.#skipLines()
      left = { type, left, right: this.#pipeline() }
    }
  }

  #pipeline(): Command {
    this.#skipBlanks()
    const isNegated = this.#takesWord('!')
    const commands = [this.#command()]
    for (;;) {
      this.#skipBlanks()
      if (!this.#peek('|') || this.#peek('||')) break
      this.#at++
      this.#skipLines()
      commands.push(this.#command())
    }
    return commands.length === 1 && !isNegated ? commands[0]! : { type: 'pipeline', commands, isNegated }
  }

  #command(): Command {
    this.#skipBlanks()
    const command = this.#compound()
    if (!command) return this.#simple()
    const redirects = this.#redirects()
    return redirects.length === 0 ? command : { type: 'redirected', command, redirects }
  }

  #compound(): Command | undefined {
    if (this.#takes('(')) {
      const body = this.list([])
      this.#at = this.closeParenthesis()
      return { type: 'subshell', body }
    }
    const word = this.#peekWord()
    switch (word) {
      case 'while':
      case 'until': {
        this.#takesWord(word)
        const condition = this.#block('do')
        return { type: 'loop', isUntil: word === 'until', condition, body: this.#block('done') }
      }
      case 'for':
        this.#takesWord('for')
        return this.#for()
      case 'if':
        this.#takesWord('if')
        return this.#if()
      case 'case':
        this.#takesWord('case')
        return this.#case()
      case '{':
        this.#takesWord('{')
        return this.#block('}')
      case 'function': {
        this.#takesWord('function')
        this.#skipBlanks()
        const name = this.#peekWord() ?? ''
        this.#at += name.length
        if (this.#takes('(')) this.#expect(')')
        return this.#function(name)
      }
    }
    return this.#functionDefinition(word)
  }

  #functionDefinition(word: string | undefined): Command | undefined {
    if (word === undefined || !NAME.test(word)) return undefined
    const match = /^[ \t]*\([ \t]*\)/.exec(
      this.#text.slice(this.#at + word.length, this.#at + word.length + 32),
    )
    if (!match) return undefined
    this.#at += word.length + match[0].length
    return this.#function(word)
  }

  #function(name: string): Command {
    this.#skipLines()
    return { type: 'function', name, body: this.#command() }
  }

  /** A list and the reserved word that closes it. */
  #block(end: string): Command {
    const body = this.list([end])
    this.#takeWord(end)
    return body
  }

  #for(): Command {
    this.#skipBlanks()
    const name = this.#peekWord() ?? ''
    if (!NAME.test(name)) throw new ShellSyntaxError('bad for loop variable')
    this.#at += name.length
    this.#skipLines()
    let words: Word[] | undefined
    if (this.#takesWord('in')) {
      words = []
      for (let word = this.#word(); word; word = this.#word()) words.push(word)
    }
    this.#skipBlanks()
    this.#takes(';')
    this.#skipLines()
    this.#takeWord('do')
    return { type: 'for', name, words, body: this.#block('done') }
  }

  #if(): Command {
    const condition = this.#block('then')
    const then = this.list(['elif', 'else', 'fi'])
    this.#skipLines()
    if (this.#takesWord('elif')) return { type: 'if', condition, then, otherwise: this.#if() }
    if (this.#takesWord('else')) return { type: 'if', condition, then, otherwise: this.#block('fi') }
    this.#takeWord('fi')
    return { type: 'if', condition, then, otherwise: undefined }
  }

  #case(): Command {
    const subject = this.#word()
    if (!subject) throw this.#unexpected()
    this.#skipLines()
    this.#takeWord('in')
    const branches: { patterns: Word[]; body: Command }[] = []
    for (;;) {
      this.#skipLines()
      if (this.#takesWord('esac')) return { type: 'case', subject, branches }
      this.#takes('(')
      const patterns: Word[] = []
      do {
        const pattern = this.#word()
        if (!pattern) throw this.#unexpected()
        patterns.push(pattern)
        this.#skipBlanks()
      } while (this.#takes('|'))
      this.#expect(')')
      branches.push({ patterns, body: this.list(['esac']) })
      this.#skipLines()
      if (this.#peek(';;')) this.#at += 2
    }
  }

  #simple(): Command {
    const assignments: Assignment[] = []
    const words: Word[] = []
    const redirects: Redirect[] = []
    for (;;) {
      const redirect = this.#redirect()
      if (redirect) {
        redirects.push(redirect)
        continue
      }
      const word = this.#word()
      if (!word) break
      const assignment = words.length === 0 ? asAssignment(word) : undefined
      if (assignment) assignments.push(assignment)
      else words.push(word)
    }
    if (assignments.length + words.length + redirects.length === 0) throw this.#unexpected()
    return { type: 'simple', assignments, words, redirects }
  }

  #redirects(): Redirect[] {
    const redirects: Redirect[] = []
    for (let next = this.#redirect(); next; next = this.#redirect()) redirects.push(next)
    return redirects
  }

  #redirect(): Redirect | undefined {
    this.#skipBlanks()
    const match = REDIRECT.exec(this.#text.slice(this.#at, this.#at + 4))
    if (!match) return undefined
    this.#at += match[0].length
    const operator = match[2] ?? match[3]!
    const target = this.#word()
    if (!target) throw this.#unexpected()
    if (operator.startsWith('&')) return { type: 'both', fd: 1, target, isAppend: operator === '&>>' }
    const fd = match[1] ? Number(match[1]) : operator.startsWith('<') ? 0 : 1
    switch (operator) {
      case '<':
        return { type: 'read', fd, target }
      case '>>':
        return { type: 'append', fd, target }
      case '>&':
      case '<&':
        return { type: 'duplicate', fd, target }
      case '<<<':
        return { type: 'here', fd, content: [...target, { type: 'text', text: '\n', isQuoted: true }] }
      case '<<':
      case '<<-': {
        const redirect: Extract<Redirect, { type: 'here' }> = { type: 'here', fd, content: [] }
        const isQuoted = target.some(part => part.type === 'text' && part.isQuoted)
        this.#heres.push({ redirect, delimiter: textOf(target), isQuoted, hasTabs: operator === '<<-' })
        return redirect
      }
    }
    return { type: 'write', fd, target }
  }

  /** The bodies of here-documents begin behind the newline. */
  #readHeres(): void {
    for (const { redirect, delimiter, isQuoted, hasTabs } of this.#heres.splice(0)) {
      let body = ''
      for (;;) {
        if (this.#at >= this.#text.length) throw new ShellSyntaxError('here-document is not ended', true)
        const end = this.#text.indexOf('\n', this.#at)
        const raw = this.#text.slice(this.#at, end < 0 ? this.#text.length : end)
        this.#at = end < 0 ? this.#text.length : end + 1
        const line = hasTabs ? raw.replace(/^\t+/, '') : raw
        if (line === delimiter) break
        body += `${line}\n`
      }
      redirect.content = isQuoted
        ? [{ type: 'text', text: body, isQuoted: true }]
        : new WordReader(body, 0, substitution).hereDocument()
    }
  }

  /** The next word; undefined where an operator or the end stands. */
  #word(): Word | undefined {
    this.#skipBlanks()
    const { word, end } = new WordReader(this.#text, this.#at, substitution).word()
    if (end === this.#at) return undefined
    this.#at = end
    return word
  }

  /** The next word if nothing in it is quoted or expanded; it is not taken. */
  #peekWord(): string | undefined {
    this.#skipBlanks()
    const match = /^[^\s;&|()<>'"`$\\]+/.exec(this.#text.slice(this.#at, this.#at + 256))
    if (!match) return undefined
    const next = this.#text[this.#at + match[0].length]
    return next === undefined || /[\s;&|()<>]/.test(next) ? match[0] : undefined
  }

  #takesWord(word: string): boolean {
    if (this.#peekWord() !== word) return false
    this.#at += word.length
    return true
  }

  #takeWord(word: string): void {
    this.#skipLines()
    if (this.#takesWord(word)) return
    if (this.#at >= this.#text.length) {
      throw new ShellSyntaxError(`unexpected end of file (expecting "${word}")`, true)
    }
    throw new ShellSyntaxError(`${this.#unexpected().message} (expecting "${word}")`)
  }

  #peek(operator: string): boolean {
    return this.#text.startsWith(operator, this.#at)
  }

  /** Takes a single-character operator that is not the beginning of a longer one. */
  #takes(operator: string): boolean {
    this.#skipBlanks()
    if (!this.#peek(operator) || this.#peek(operator + operator)) {
      if (operator !== '(' || !this.#peek('(')) return false
    }
    this.#at += operator.length
    return true
  }

  #expect(operator: string): void {
    this.#skipBlanks()
    if (this.#at >= this.#text.length) throw new ShellSyntaxError(`missing '${operator}'`, true)
    if (!this.#peek(operator)) throw this.#unexpected()
    this.#at += operator.length
  }

  #skipBlanks(): void {
    for (;;) {
      const c = this.#text[this.#at]
      if (c === ' ' || c === '\t' || c === '\r') this.#at++
      else if (c === '\\' && this.#text[this.#at + 1] === '\n') this.#at += 2
      else if (c === '#') {
        const end = this.#text.indexOf('\n', this.#at)
        this.#at = end < 0 ? this.#text.length : end
      } else return
    }
  }

  /** Blanks, comments, newlines and lone semicolons before a command. */
  #skipLines(): void {
    for (;;) {
      this.#skipBlanks()
      if (this.#text[this.#at] === '\n') {
        this.#at++
        this.#readHeres()
      } else return
    }
  }

  #unexpected(): ShellSyntaxError {
    this.#skipBlanks()
    if (this.#at >= this.#text.length) return new ShellSyntaxError('unexpected end of file', true)
    if (this.#text[this.#at] === '\n') return new ShellSyntaxError('unexpected newline')
    const operator = OPERATORS.find(candidate => this.#peek(candidate))
    if (operator) return new ShellSyntaxError(`unexpected "${operator}"`)
    return new ShellSyntaxError(`unexpected word`)
  }
}

/** `NAME=value`, if the word is one. */
function asAssignment(word: Word): Assignment | undefined {
  const [first, ...rest] = word
  const match =
    first?.type === 'text' && !first.isQuoted ? /^([A-Za-z_]\w*)=(.*)$/s.exec(first.text) : undefined
  if (!match) return undefined
  const head: WordPart[] = match[2] === '' ? [] : [{ type: 'text', text: match[2]!, isQuoted: false }]
  return { name: match[1]!, value: [...head, ...rest] }
}

function textOf(word: Word): string {
  return word.map(part => (part.type === 'text' ? part.text : '')).join('')
}

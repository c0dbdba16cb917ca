/** Reads words: quotes, escapes, and what begins with a `$` or a backquote. */
import { type Command, type Parameter, ShellSyntaxError, type Word, type WordPart } from './syntax.ts'

/** Reads what is inside `$(` up to its `)`: the parser's own work, handed in. */
export type ReadSubstitution = (
  text: string,
  start: number,
) => { readonly body: Command; readonly end: number }

export interface WordRead {
  readonly word: Word
  readonly end: number
}

const BLANK = new Set([' ', '\t', '\n', '\r'])
const META = new Set([';', '&', '|', '(', ')', '<', '>'])

/** From a place in a text that begins a word. `stop` ends the word besides white space and operators. */
export class WordReader {
  readonly #text: string
  readonly #substitution: ReadSubstitution
  #at: number
  #parts: WordPart[] = []

  constructor(text: string, at: number, substitution: ReadSubstitution) {
    this.#text = text
    this.#at = at
    this.#substitution = substitution
  }

  /** Up to white space or an operator. */
  word(): WordRead {
    this.#read(c => BLANK.has(c) || META.has(c), false)
    return { word: this.#parts, end: this.#at }
  }

  /** Everything, as between double quotes: the body of a here-document. */
  hereDocument(): Word {
    while (this.#at < this.#text.length) this.#inDoubleQuotes(() => false)
    return this.#parts
  }

  /** Up to one of `ends`, which is left; quotes work, operators do not end it. */
  #until(ends: string, isQuoted: boolean): Word {
    const outer = this.#parts
    this.#parts = []
    this.#read(c => ends.includes(c), isQuoted)
    const word = this.#parts
    this.#parts = outer
    if (this.#at >= this.#text.length) throw new ShellSyntaxError(`missing '${ends[0]}'`, true)
    return word
  }

  #read(isEnd: (c: string) => boolean, isQuoted: boolean): void {
    while (this.#at < this.#text.length) {
      const c = this.#text[this.#at]!
      if (isEnd(c)) return
      if (c === "'" && !isQuoted) this.#singleQuotes()
      else if (c === '"') this.#doubleQuotes()
      else if (c === '\\') this.#escape(isQuoted)
      else if (c === '$' || c === '`') this.#expansion(isQuoted)
      else {
        this.#push(c, isQuoted)
        this.#at++
      }
    }
  }

  #push(text: string, isQuoted: boolean): void {
    const last = this.#parts.at(-1)
    if (last?.type === 'text' && last.isQuoted === isQuoted) {
      this.#parts[this.#parts.length - 1] = { ...last, text: last.text + text }
    } else this.#parts.push({ type: 'text', text, isQuoted })
  }

  #singleQuotes(): void {
    const close = this.#text.indexOf("'", this.#at + 1)
    if (close < 0) throw new ShellSyntaxError('unterminated quoted string', true)
    this.#push(this.#text.slice(this.#at + 1, close), true)
    this.#at = close + 1
  }

  #doubleQuotes(): void {
    this.#at++
    this.#push('', true)
    while (this.#text[this.#at] !== '"') {
      if (this.#at >= this.#text.length) throw new ShellSyntaxError('unterminated quoted string', true)
      this.#inDoubleQuotes(c => c === '"')
    }
    this.#at++
  }

  /** One step of what is quoted. */
  #inDoubleQuotes(isEnd: (c: string) => boolean): void {
    const c = this.#text[this.#at]!
    if (isEnd(c)) return
    if (c === '\\') this.#escape(true)
    else if (c === '$' || c === '`') this.#expansion(true)
    else {
      this.#push(c, true)
      this.#at++
    }
  }

  #escape(isQuoted: boolean): void {
    const next = this.#text[this.#at + 1]
    this.#at += 2
    if (next === '\n') return
    if (next === undefined) this.#push('\\', true)
    else this.#push(isQuoted && !'"\\$`'.includes(next) ? `\\${next}` : next, true)
  }

  #expansion(isQuoted: boolean): void {
    const text = this.#text
    if (text[this.#at] === '`') {
      this.#backquotes(isQuoted)
      return
    }
    const next = text[this.#at + 1]
    if (next === '(' && text[this.#at + 2] === '(' && this.#arithmetic(isQuoted)) return
    if (next === '(') {
      const { body, end } = this.#substitution(text, this.#at + 2)
      this.#parts.push({ type: 'command', body, isQuoted })
      this.#at = end
      return
    }
    if (next === '{') {
      this.#at += 2
      this.#parts.push({ type: 'parameter', parameter: this.#braces(isQuoted), isQuoted })
      return
    }
    if (next === "'" && !isQuoted) {
      this.#at++
      this.#singleQuotes()
      const last = this.#parts.pop() as Extract<WordPart, { type: 'text' }>
      this.#parts.push({ ...last, text: last.text.replaceAll('\\n', '\n').replaceAll('\\t', '\t') })
      return
    }
    const name = /^(?:[A-Za-z_]\w*|[0-9?#@*$!-])/.exec(text.slice(this.#at + 1, this.#at + 257))?.[0]
    if (name === undefined) {
      this.#push('$', isQuoted)
      this.#at++
      return
    }
    this.#parts.push({ type: 'parameter', parameter: plain(name), isQuoted })
    this.#at += 1 + name.length
  }

  /** `$((...))`; false when it is a `$( (` after all. */
  #arithmetic(isQuoted: boolean): boolean {
    let depth = 0
    for (let i = this.#at + 1; i < this.#text.length; i++) {
      const c = this.#text[i]
      if (c === '(') depth++
      if (c === ')' && --depth === 1) {
        if (this.#text[i + 1] !== ')') return false
        const inner = new WordReader(this.#text.slice(this.#at + 3, i), 0, this.#substitution)
        this.#parts.push({ type: 'arithmetic', word: inner.hereDocument(), isQuoted })
        this.#at = i + 2
        return true
      }
    }
    throw new ShellSyntaxError("missing '))'", true)
  }

  #backquotes(isQuoted: boolean): void {
    let script = ''
    let i = this.#at + 1
    for (; this.#text[i] !== '`'; i++) {
      if (i >= this.#text.length) throw new ShellSyntaxError('EOF in backquote substitution', true)
      if (this.#text[i] === '\\' && '`\\$'.includes(this.#text[i + 1] ?? ' ')) i++
      script += this.#text[i]
    }
    const { body } = this.#substitution(`${script})`, 0)
    this.#parts.push({ type: 'command', body, isQuoted })
    this.#at = i + 1
  }

  /** Behind `${`. */
  #braces(isQuoted: boolean): Parameter {
    const head = /^(#?)([A-Za-z_]\w*|\d+|[?#@*$!-])/.exec(this.#text.slice(this.#at, this.#at + 257))
    if (!head) {
      if (this.#at >= this.#text.length) throw new ShellSyntaxError("missing '}'", true)
      throw new ShellSyntaxError('bad substitution')
    }
    const name = head[2]!
    this.#at += head[0].length
    if (this.#text[this.#at] === '}') {
      this.#at++
      return { ...plain(name), operator: head[1] === '' ? '' : 'length' }
    }
    const rest = this.#text.slice(this.#at, this.#at + 2)
    const found = /^(?::?[-=?+]|%%?|##?|\/\/?|:)/.exec(rest)?.[0]
    if (found === undefined) {
      if (this.#at >= this.#text.length) throw new ShellSyntaxError("missing '}'", true)
      throw new ShellSyntaxError('bad substitution')
    }
    this.#at += found.length
    const hasColon = found.length === 2 && found.startsWith(':')
    const operator = (found === ':' ? 'slice' : hasColon ? found[1] : found) as Parameter['operator']
    const hasTwo = operator === '/' || operator === '//' || operator === 'slice'
    // A pattern is one between double quotes too; only quotes of its own make it plain text.
    const isPattern = /[#%/]/.test(operator)
    const word = this.#until(hasTwo ? (operator === 'slice' ? ':}' : '/}') : '}', isQuoted && !isPattern)
    let second: Word = []
    if (hasTwo && this.#text[this.#at] !== '}') {
      this.#at++
      second = this.#until('}', isQuoted)
    }
    this.#at++
    return { name, operator, hasColon, word, second }
  }
}

function plain(name: string): Parameter {
  return { name, operator: '', hasColon: false, word: [], second: [] }
}

/**
 * A pseudo terminal in cooked mode, as the kernel keeps one for a process with a tty: echoes what is typed, edits
 * the line (backspace, ^U, ^W), hands whole lines on, makes signals of ^C and ^\, and ends its lines with CR LF.
 */
import type { Input, Output } from './streams.ts'
import { Pipe } from './streams.ts'

const ERASE = '\b \b'
/** What a line holds before its newline; the bell answers what is more, as Linux' N_TTY_BUF_SIZE has it. */
const MOST_OF_LINE = 4095

export class Terminal {
  readonly #lines = new Pipe()
  readonly #print: (text: string) => void
  #line = ''
  #columns = 80
  #rows = 24
  /** Whom ^C and ^\ are for. */
  onInterrupt: ((signal: 'INT' | 'QUIT') => void) | undefined

  /** `print` gets what the person sees. */
  constructor(print: (text: string) => void) {
    this.#print = print
  }

  get columns(): number {
    return this.#columns
  }

  get rows(): number {
    return this.#rows
  }

  /** The window of the person has another size. */
  resize(columns: number, rows: number): void {
    this.#columns = columns
    this.#rows = rows
  }

  /** How much was typed, in whole lines, and not yet read. */
  get unread(): number {
    return this.#lines.unread
  }

  get input(): Input {
    return this.#lines
  }

  readonly output: Output = {
    write: text => this.#print(text.replace(/\r?\n/g, '\r\n')),
    *drain() {},
  }

  /** What was typed. */
  type(text: string): void {
    for (let i = 0; i < text.length; i++) {
      // Arrow keys and their like come as escape sequences, which a line editor would take; here they are dropped.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal sends
      const sequence = /^\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Z])/.exec(text.slice(i, i + 16))
      if (sequence) i += sequence[0].length - 1
      else this.#key(text[i]!)
    }
  }

  /** Nothing more will be typed. */
  end(): void {
    this.#lines.write(this.#line)
    this.#line = ''
    this.#lines.end()
  }

  #key(key: string): void {
    switch (key) {
      case '\r':
      case '\n':
        this.#print('\r\n')
        this.#lines.write(`${this.#line}\n`)
        this.#line = ''
        return
      case '\x7f':
      case '\b':
        if (this.#line !== '') this.#print(ERASE)
        this.#line = this.#line.slice(0, -1)
        return
      case '\x15':
        this.#print(ERASE.repeat(this.#line.length))
        this.#line = ''
        return
      case '\x17': {
        const kept = this.#line.replace(/\S+\s*$/, '')
        this.#print(ERASE.repeat(this.#line.length - kept.length))
        this.#line = kept
        return
      }
      case '\x03':
      case '\x1c':
        this.#print(key === '\x03' ? '^C' : '^\\')
        this.#line = ''
        this.onInterrupt?.(key === '\x03' ? 'INT' : 'QUIT')
        return
      case '\x04':
        // At the start of a line it ends the input, else it hands on what there is.
        if (this.#line === '') this.#lines.mark()
        else this.#lines.write(this.#line)
        this.#line = ''
        return
      default:
        if (key < ' ' && key !== '\t') return
        if (this.#line.length >= MOST_OF_LINE) {
          this.#print('\x07')
          return
        }
        this.#line += key
        this.#print(key)
    }
  }
}

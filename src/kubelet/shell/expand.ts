/** From words to what a command gets: parameters, substitutions, sums, field splitting, path names. */
import type { Routine } from '../../sim/index.ts'
import type { FileSystem } from '../files/file-system.ts'
import { arithmetic } from './arithmetic.ts'
import { glob, isPattern, type PatternPiece, patternSource } from './pattern.ts'
import { type Command, type Parameter, ShellSyntaxError, type Word } from './syntax.ts'

/** What expansions ask of the shell. */
export interface Expander {
  readonly files: FileSystem
  readonly directory: string
  readonly isUnsetAnError: boolean
  /** undefined where it is not set. */
  lookup(name: string): string | undefined
  assign(name: string, value: string): void
  readonly positional: readonly string[]
  /** What a command prints, without its last newlines. */
  output(command: Command): Routine<string>
}

/** A field under way: pieces, some of which are quoted. */
type Field = PatternPiece[]

/** Many words to many fields. */
export function* expandWords(shell: Expander, words: readonly Word[]): Routine<string[]> {
  const fields: string[] = []
  for (const word of words) {
    for (const expanded of braces(word)) {
      for (const field of yield* split(shell, expanded)) {
        const found = isPattern(field) ? glob(field, shell.files, shell.directory) : []
        if (found.length > 0) fields.push(...found)
        else fields.push(textOf(field))
      }
    }
  }
  return fields
}

/** One word to one text: assignments, redirections, `case`. */
export function* expandText(shell: Expander, word: Word): Routine<string> {
  return textOf(yield* expandPattern(shell, word))
}

/** The same with quotes remembered. */
export function* expandPattern(shell: Expander, word: Word): Routine<PatternPiece[]> {
  const pieces: PatternPiece[] = []
  for (const [i, part] of word.entries()) {
    if (part.type === 'text') {
      const text = i === 0 && !part.isQuoted ? tilde(shell, part.text) : part.text
      pieces.push({ text, isQuoted: part.isQuoted })
    } else {
      const values = yield* valuesOf(shell, part)
      pieces.push({ text: values.join(' '), isQuoted: part.isQuoted })
    }
  }
  return pieces
}

function* split(shell: Expander, word: Word): Routine<Field[]> {
  const fields: Field[] = []
  let current: Field | undefined
  const separators = shell.lookup('IFS') ?? ' \t\n'
  for (const [i, part] of word.entries()) {
    if (part.type === 'text') {
      const text = i === 0 && !part.isQuoted ? tilde(shell, part.text) : part.text
      current ??= []
      current.push({ text, isQuoted: part.isQuoted })
      continue
    }
    const values = yield* valuesOf(shell, part)
    if (part.isQuoted) {
      for (const [k, text] of values.entries()) {
        if (k > 0 && current) {
          fields.push(current)
          current = undefined
        }
        current ??= []
        current.push({ text, isQuoted: true })
      }
      continue
    }
    for (const [k, value] of values.entries()) {
      if (k > 0 && current) {
        fields.push(current)
        current = undefined
      }
      for (const [n, text] of splitText(value, separators).entries()) {
        if (n > 0 && current) {
          fields.push(current)
          current = undefined
        }
        if (text === '') continue
        current ??= []
        current.push({ text, isQuoted: false })
      }
    }
  }
  if (current) fields.push(current)
  return fields
}

function splitText(text: string, separators: string): string[] {
  if (separators === '') return [text]
  const blanks = [...separators].filter(c => ' \t\n'.includes(c)).join('')
  const others = [...separators].filter(c => !' \t\n'.includes(c)).join('')
  const inSet = (set: string) => set.replace(/[\]\\^-]/g, '\\$&')
  const blank = blanks === '' ? '' : `[${inSet(blanks)}]`
  const source = [
    others && `${blank && `${blank}*`}[${inSet(others)}]${blank && `${blank}*`}`,
    blank && `${blank}+`,
  ]
  return text.split(new RegExp(source.filter(Boolean).join('|')))
}

/** Values of a part that is no text: several only for `$@`. */
function* valuesOf(
  shell: Expander,
  part: Exclude<Word[number], { type: 'text' }>,
): Routine<readonly string[]> {
  switch (part.type) {
    case 'command':
      return [yield* shell.output(part.body)]
    case 'arithmetic': {
      const text = yield* expandText(shell, part.word)
      return [
        String(
          arithmetic(text, {
            get: name => shell.lookup(name) ?? '',
            set: (name, value) => shell.assign(name, value),
          }),
        ),
      ]
    }
    case 'parameter': {
      const { name, operator } = part.parameter
      if (name === '@' && operator === '') return shell.positional
      return [yield* parameterValue(shell, part.parameter)]
    }
  }
}

function* parameterValue(shell: Expander, parameter: Parameter): Routine<string> {
  const { name, operator, hasColon, word } = parameter
  const value = name === '@' || name === '*' ? shell.positional.join(' ') : shell.lookup(name)
  const isThere = value !== undefined && !(hasColon && value === '')
  switch (operator) {
    case '-':
      return isThere ? value : yield* expandText(shell, word)
    case '=': {
      if (isThere) return value
      const text = yield* expandText(shell, word)
      shell.assign(name, text)
      return text
    }
    case '+':
      return isThere ? yield* expandText(shell, word) : ''
    case '?': {
      if (isThere) return value
      const message = yield* expandText(shell, word)
      throw new ShellSyntaxError(`${name}: ${message || 'parameter not set'}`)
    }
  }
  if (value === undefined && shell.isUnsetAnError && !/^[@*?$!#-]$/.test(name)) {
    throw new ShellSyntaxError(`${name}: parameter not set`)
  }
  return yield* transformed(shell, parameter, value ?? '')
}

function* transformed(shell: Expander, parameter: Parameter, value: string): Routine<string> {
  const { operator, word, second } = parameter
  if (operator === '') return value
  if (operator === 'length') return String([...value].length)
  if (operator === 'slice') {
    const number = function* (part: Word): Routine<number> {
      const variables = { get: (name: string) => shell.lookup(name) ?? '', set: () => {} }
      return arithmetic(yield* expandText(shell, part), variables)
    }
    const start = yield* number(word)
    const from = start < 0 ? Math.max(0, value.length + start) : start
    if (second.length === 0) return value.slice(from)
    const length = yield* number(second)
    return length < 0 ? value.slice(from, value.length + length) : value.slice(from, from + length)
  }
  const pieces = yield* expandPattern(shell, word)
  switch (operator) {
    case '#':
      return value.replace(new RegExp(`^(?:${patternSource(pieces, true)})`), '')
    case '##':
      return value.replace(new RegExp(`^(?:${patternSource(pieces)})`), '')
    case '%': {
      // The shortest suffix is what follows the longest beginning.
      const match = new RegExp(`^([\\s\\S]*)(?:${patternSource(pieces)})$`).exec(value)
      return match ? match[1]! : value
    }
    case '%%':
      return value.replace(new RegExp(`(?:${patternSource(pieces)})$`), '')
  }
  const replacement = yield* expandText(shell, second)
  const flags = operator === '//' ? 'g' : ''
  return value.replace(new RegExp(patternSource(pieces), flags), () => replacement)
}

function tilde(shell: Expander, text: string): string {
  return text === '~' || text.startsWith('~/') ? (shell.lookup('HOME') ?? '/root') + text.slice(1) : text
}

function textOf(field: readonly PatternPiece[]): string {
  return field.length === 1 ? field[0]!.text : field.map(({ text }) => text).join('')
}

/** `{a,b}` and `{1..3}` as bash has them, in words that are one unquoted text. */
function braces(word: Word): readonly Word[] {
  const [only] = word
  if (word.length !== 1 || only?.type !== 'text' || only.isQuoted || !only.text.includes('{')) return [word]
  const match = /^(.*?)\{([^{}]*(?:,[^{}]*)+|-?\d+\.\.-?\d+)\}(.*)$/s.exec(only.text)
  if (!match) return [word]
  const [, before = '', inner = '', after = ''] = match
  const range = /^(-?\d+)\.\.(-?\d+)$/.exec(inner)
  const values = range ? numbers(Number(range[1]), Number(range[2])) : inner.split(',')
  return values.flatMap(value => braces([{ ...only, text: before + value + after }]))
}

function numbers(first: number, last: number): string[] {
  const step = first <= last ? 1 : -1
  const length = Math.min(Math.abs(last - first) + 1, 10_000)
  return Array.from({ length }, (_, i) => String(first + i * step))
}

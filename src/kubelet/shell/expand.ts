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
  const close = () => {
    if (current) fields.push(current)
    current = undefined
  }
  const add = (piece: PatternPiece) => {
    current ??= []
    current.push(piece)
  }
  const separators = shell.lookup('IFS') ?? ' \t\n'
  let isNothing = false
  for (const [i, part] of chosen(shell, word).entries()) {
    if (part.type === 'text') {
      add({ text: i === 0 && !part.isQuoted ? tilde(shell, part.text) : part.text, isQuoted: part.isQuoted })
      continue
    }
    const values = part.type === 'value' ? [part.text] : yield* valuesOf(shell, part)
    isNothing ||= values.length === 0
    for (const [k, value] of values.entries()) {
      if (k > 0) close()
      if (part.isQuoted) {
        add({ text: value, isQuoted: true })
        continue
      }
      const { pieces, startsApart, endsApart } = splitText(value, separators)
      if (startsApart) close()
      for (const [n, text] of pieces.entries()) {
        if (n > 0) close()
        add({ text, isQuoted: false })
      }
      if (endsApart) close()
    }
  }
  // Quotes around no arguments at all make no field.
  if (current && !(isNothing && textOf(current) === '')) fields.push(current)
  return fields
}

/** A piece of a word, or a text that is split although it stood in the script. */
type Chosen = Word[number] | { readonly type: 'value'; readonly text: string; readonly isQuoted: false }

/** The word with what `${a:-word}` and `${a:+word}` choose in their place: the quotes in there count. */
function chosen(shell: Expander, word: Word): readonly Chosen[] {
  if (!word.some(isChoice)) return word
  return word.flatMap((part): readonly Chosen[] => {
    if (!isChoice(part)) return [part]
    const { operator, word: inner } = part.parameter
    const { value, isThere } = state(shell, part.parameter)
    if (operator === '-' && isThere) return [{ type: 'value', text: value ?? '', isQuoted: false }]
    if (operator === '+' && !isThere) return []
    return chosen(shell, inner).map(piece =>
      piece.type === 'text' && !piece.isQuoted ? { type: 'value', text: piece.text, isQuoted: false } : piece,
    )
  })
}

function isChoice(part: Word[number]): part is Extract<Word[number], { type: 'parameter' }> {
  return part.type === 'parameter' && !part.isQuoted && /^[-+]$/.test(part.parameter.operator)
}

/** Blanks only part fields; each other separator ends one, which may be empty. */
function splitText(
  text: string,
  separators: string,
): { readonly pieces: readonly string[]; readonly startsApart: boolean; readonly endsApart: boolean } {
  const pattern = separatorPattern(separators)
  if (!pattern) return { pieces: text === '' ? [] : [text], startsApart: false, endsApart: false }
  const core = trimBlanks(text, separators)
  if (core === '') return { pieces: [], startsApart: text !== '', endsApart: false }
  const pieces = core.split(pattern)
  const isEnded = pieces.at(-1) === ''
  if (isEnded) pieces.pop()
  return {
    pieces,
    startsApart: !text.startsWith(core),
    endsApart: isEnded || !text.endsWith(core),
  }
}

/** What parts two fields; undefined where nothing does. */
export function separatorPattern(separators: string): RegExp | undefined {
  if (separators === '') return undefined
  const inSet = (set: string) => `[${set.replace(/[\]\\^-]/g, '\\$&')}]`
  const blanks = separators.replace(/[^ \t\n]/g, '')
  const others = separators.replace(/[ \t\n]/g, '')
  const blank = blanks && inSet(blanks)
  const around = blank && `${blank}*`
  return new RegExp(
    [others && `${around}${inSet(others)}${around}`, blank && `${blank}+`].filter(Boolean).join('|'),
  )
}

/** Without the blanks among the separators at both ends. */
export function trimBlanks(text: string, separators: string): string {
  const isBlank = (c: string | undefined) => c !== undefined && ' \t\n'.includes(c) && separators.includes(c)
  let [from, to] = [0, text.length]
  while (from < to && isBlank(text[from])) from++
  while (to > from && isBlank(text[to - 1])) to--
  return text.slice(from, to)
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
      if ((name === '@' || (name === '*' && !part.isQuoted)) && operator === '') return shell.positional
      return [yield* parameterValue(shell, part.parameter)]
    }
  }
}

/** A parameter's value, and whether it counts as set. */
function state(
  shell: Expander,
  { name, hasColon }: Parameter,
):
  | { readonly value: string; readonly isThere: true }
  | { readonly value: string | undefined; readonly isThere: false } {
  let value = shell.lookup(name)
  if (name === '@' || name === '*') {
    const between = name === '*' ? (shell.lookup('IFS') ?? ' ').slice(0, 1) : ' '
    value = shell.positional.length === 0 ? undefined : shell.positional.join(between)
  }
  return value === undefined || (hasColon && value === '')
    ? { value, isThere: false }
    : { value, isThere: true }
}

function* parameterValue(shell: Expander, parameter: Parameter): Routine<string> {
  const { name, operator, word } = parameter
  const { value, isThere } = state(shell, parameter)
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

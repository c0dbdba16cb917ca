/** `echo`, `printf`, `true`, `false`, `yes`, `seq`, `basename`, `dirname`, `base64`: what only prints. */
import { fromBytes, toBytes } from '../io/bytes.ts'
import type { Program } from '../program.ts'
import { allText, complain, readOptions } from './support.ts'

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  e: '\x1b',
  '\\': '\\',
  '"': '"',
  "'": "'",
}

function unescaped(text: string): string {
  return text.replace(/\\(0?[0-7]{1,3}|x[0-9a-fA-F]{1,2}|.)/g, (whole, code: string) => {
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8))
    if (/^x./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16))
    return ESCAPES[code] ?? whole
  })
}

export const echo: Program = function* ({ argv, stdout }) {
  let at = 1
  let hasNewline = true
  let isEscaped = false
  for (; /^-[neE]+$/.test(argv[at] ?? ''); at++) {
    if (argv[at]!.includes('n')) hasNewline = false
    if (argv[at]!.includes('e')) isEscaped = true
  }
  const text = argv.slice(at).join(' ')
  stdout.write(`${isEscaped ? unescaped(text) : text}${hasNewline ? '\n' : ''}`)
  return 0
}

export const printf: Program = function* (process) {
  const [, format, ...args] = process.argv
  if (format === undefined) return complain(process, 'usage: printf FORMAT [ARG]...')
  let rest: readonly string[] = args
  do {
    const taken = { count: 0 }
    process.stdout.write(formatted(unescaped(format), rest, taken))
    if (taken.count === 0) break
    rest = rest.slice(taken.count)
  } while (rest.length > 0)
  return 0
}

/** A format once over; how many arguments it took is told in `taken`. */
export function formatted(format: string, args: readonly string[], taken = { count: 0 }): string {
  return format.replace(
    /%%|%(-?)(0?)(\d*)(?:\.(\d+))?([sdiuxXoqcbf])/g,
    (whole, minus: string, zero: string, width: string, precision: string | undefined, type: string) => {
      if (whole === '%%') return '%'
      const value = formatOne(args[taken.count++] ?? '', type, precision)
      return minus ? value.padEnd(Number(width)) : value.padStart(Number(width), zero ? '0' : ' ')
    },
  )
}

function formatOne(value: string, type: string, precision: string | undefined): string {
  const number = Number(value) || 0
  switch (type) {
    case 'd':
    case 'i':
    case 'u':
      return String(Math.trunc(number))
    case 'x':
      return Math.trunc(number).toString(16)
    case 'X':
      return Math.trunc(number).toString(16).toUpperCase()
    case 'o':
      return Math.trunc(number).toString(8)
    case 'f':
      return number.toFixed(Number(precision ?? 6))
    case 'c':
      return value.slice(0, 1)
    case 'b':
      return unescaped(value)
    case 'q':
      return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`
  }
  return precision === undefined ? value : value.slice(0, Number(precision))
}

export const yes: Program = function* ({ argv, stdout }) {
  const line = `${argv.slice(1).join(' ') || 'y'}\n`
  for (;;) {
    stdout.write(line.repeat(512))
    yield* stdout.drain()
  }
}

/** Numbers one command prints at most. */
const MAX_NUMBERS = 1_000_000

export const seq: Program = function* (process) {
  const { values, flags, operands } = readOptions(
    process.argv.slice(1).map(word => (/^-\d/.test(word) ? `\0${word}` : word)),
    's',
  )
  const numbers = operands.map(word => Number(word.replace('\0', '')))
  if (numbers.length === 0 || numbers.some(Number.isNaN)) return complain(process, 'invalid number')
  const first = numbers.length > 1 ? numbers[0]! : 1
  const step = numbers.length > 2 ? numbers[1]! : 1
  const last = numbers.at(-1)!
  const found: string[] = []
  const width = flags.has('w') ? Math.max(String(first).length, String(last).length) : 0
  for (let i = first; step > 0 ? i <= last : i >= last; i += step) {
    if (found.push(String(Number(i.toFixed(10))).padStart(width, '0')) >= MAX_NUMBERS || step === 0) break
  }
  if (found.length > 0) process.stdout.write(`${found.join(values.get('s') ?? '\n')}\n`)
  return 0
}

export const basename: Program = function* ({ argv, stdout }) {
  const [, path = '', suffix = ''] = argv
  const name = path.replace(/(?<=.)\/+$/, '').replace(/^.*\/(?=.)/, '')
  stdout.write(
    `${suffix && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`,
  )
  return 0
}

export const dirname: Program = function* ({ argv, stdout }) {
  const path = (argv[1] ?? '').replace(/(?<=.)\/+$/, '')
  const at = path.lastIndexOf('/')
  stdout.write(`${at < 0 ? '.' : at === 0 ? '/' : path.slice(0, at)}\n`)
  return 0
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export const base64: Program = function* (process) {
  const { flags, values, operands } = readOptions(process.argv.slice(1), 'w')
  const text = yield* allText(process, operands)
  if (text === undefined) return 1
  if (flags.has('d') || flags.has('D') || flags.has('decode')) {
    process.stdout.write(fromBytes(decode(text)))
    return 0
  }
  const encoded = encode(toBytes(text))
  const width = Number(values.get('w') ?? 76)
  const lines = width === 0 ? [encoded] : (encoded.match(new RegExp(`.{1,${width}}`, 'g')) ?? [])
  process.stdout.write(lines.join('\n') + (width === 0 ? '' : '\n'))
  return 0
}

function encode(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const bits = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    for (let k = 0; k < 4; k++) text += i + k - 1 < bytes.length ? ALPHABET[(bits >> (18 - 6 * k)) & 63] : '='
  }
  return text
}

function decode(text: string): Uint8Array {
  const bytes: number[] = []
  let bits = 0
  let count = 0
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter)
    if (value < 0) continue
    bits = ((bits << 6) | value) & 0xffffff
    count += 6
    if (count < 8) continue
    count -= 8
    bytes.push((bits >> count) & 255)
  }
  return new Uint8Array(bytes)
}

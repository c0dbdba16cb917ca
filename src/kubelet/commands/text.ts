/** `cat`, `tac`, `rev`, `head`, `wc`, `nl`, `tee`, `sort`, `uniq`, `cut`, `tr`, `paste`, `fold`: texts line by line. */
import { byteLength } from '../io/bytes.ts'
import { readAll } from '../io/streams.ts'
import type { Program } from '../program.ts'
import { allText, complain, linesOf, pathOf, readFile, readOptions, sources } from './support.ts'

export const cat: Program = function* (process) {
  const { flags, operands } = readOptions(process.argv.slice(1))
  let code = 0
  let number = 0
  for (const path of operands.length > 0 ? operands : ['-']) {
    if (path === '-' && !flags.has('n')) {
      for (let piece = yield* process.stdin.read(); piece !== ''; piece = yield* process.stdin.read()) {
        process.stdout.write(piece)
        yield* process.stdout.drain()
      }
      continue
    }
    const content = yield* readFile(process, path)
    if (!content.ok) {
      const why = content.error === 'Is a directory' ? `read error: ${content.error}` : undefined
      complain(process, why ?? `can't open '${path}': ${content.error}`)
      code = 1
    } else if (flags.has('n')) {
      for (const line of linesOf(content.value))
        process.stdout.write(`${String(++number).padStart(6)}\t${line}\n`)
    } else process.stdout.write(content.value)
  }
  return code
}

export const tac: Program = function* (process) {
  const text = yield* allText(process, process.argv.slice(1))
  if (text === undefined) return 1
  for (const line of linesOf(text).reverse()) process.stdout.write(`${line}\n`)
  return 0
}

export const rev: Program = function* (process) {
  const text = yield* allText(process, process.argv.slice(1))
  if (text === undefined) return 1
  for (const line of linesOf(text)) process.stdout.write(`${[...line].reverse().join('')}\n`)
  return 0
}

export const head: Program = function* (process) {
  // `head -5` is `head -n 5`.
  const argv = process.argv.slice(1).map(word => (/^-\d+$/.test(word) ? `-n${word.slice(1)}` : word))
  const { values, operands } = readOptions(argv, 'nc')
  if (values.has('c')) {
    const text = yield* allText(process, operands)
    process.stdout.write((text ?? '').slice(0, Number(values.get('c'))))
    return text === undefined ? 1 : 0
  }
  const count = Number(values.get('n') ?? 10)
  const found = yield* sources(process, operands)
  for (const [i, { path, lines }] of found.entries()) {
    if (operands.length > 1) process.stdout.write(`${i > 0 ? '\n' : ''}==> ${path} <==\n`)
    if (count < 0) {
      const all = linesOf(yield* readAll(lines))
      for (const line of all.slice(0, count)) process.stdout.write(`${line}\n`)
      continue
    }
    for (let n = 0; n < count; n++) {
      const line = yield* lines.next()
      if (line === undefined) break
      process.stdout.write(`${line}\n`)
    }
  }
  return found.length === Math.max(1, operands.length) ? 0 : 1
}

export const wc: Program = function* (process) {
  const { flags, operands } = readOptions(process.argv.slice(1))
  const wanted = (['l', 'w', 'm', 'c'] as const).filter(letter => flags.has(letter))
  const columns = wanted.length > 0 ? wanted : (['l', 'w', 'c'] as const)
  const total = { l: 0, w: 0, m: 0, c: 0 }
  let code = 0
  const show = (counts: typeof total, name: string) => {
    const isAlone = columns.length === 1 && operands.length < 2
    const cells = columns.map(letter =>
      isAlone ? String(counts[letter]) : String(counts[letter]).padStart(9),
    )
    process.stdout.write(`${cells.join(' ')}${name === '-' ? '' : ` ${name}`}\n`)
  }
  for (const path of operands.length > 0 ? operands : ['-']) {
    const content = yield* readFile(process, path)
    if (!content.ok) {
      code = complain(process, `${path}: ${content.error}`)
      continue
    }
    const text = content.value
    const counts = {
      l: text.split('\n').length - 1,
      w: text.split(/\s+/).filter(word => word !== '').length,
      m: [...text].length,
      c: byteLength(text),
    }
    for (const letter of ['l', 'w', 'm', 'c'] as const) total[letter] += counts[letter]
    show(counts, path)
  }
  if (operands.length > 1) show(total, 'total')
  return code
}

export const nl: Program = function* (process) {
  const text = yield* allText(
    process,
    process.argv.slice(1).filter(word => !word.startsWith('-')),
  )
  const countsAll = process.argv.includes('-ba')
  let number = 0
  for (const line of linesOf(text ?? '')) {
    process.stdout.write(line === '' && !countsAll ? '\n' : `${String(++number).padStart(6)}\t${line}\n`)
  }
  return text === undefined ? 1 : 0
}

export const tee: Program = function* (process) {
  const { flags, operands } = readOptions(process.argv.slice(1))
  const files = []
  for (const path of operands) {
    const opened = process.files.open(pathOf(process, path))
    if (!opened.ok) {
      complain(process, `${path}: ${opened.error}`)
      continue
    }
    if (!flags.has('a')) process.files.put(opened.value, '')
    files.push(opened.value)
  }
  for (let piece = yield* process.stdin.read(); piece !== ''; piece = yield* process.stdin.read()) {
    process.stdout.write(piece)
    for (const file of files) process.files.put(file, file.content + piece)
    yield* process.stdout.drain()
  }
  return files.length === operands.length ? 0 : 1
}

export const sort: Program = function* (process) {
  const { flags, values, operands } = readOptions(process.argv.slice(1), 'kto')
  const text = yield* allText(process, operands)
  if (text === undefined) return 2
  const separator = values.get('t')
  const key = /^(\d+)([a-z]*)/.exec(values.get('k') ?? '')
  const isNumeric = flags.has('n') || flags.has('h') || (key?.[2] ?? '').includes('n')
  const isReversed = flags.has('r') || (key?.[2] ?? '').includes('r')
  const keyOf = (line: string) => {
    if (!key) return line
    const fields = separator === undefined ? line.trim().split(/\s+/) : line.split(separator)
    return fields.slice(Number(key[1]) - 1).join(' ')
  }
  const amount = (line: string) => Number.parseFloat(keyOf(line)) || 0
  const compare = (a: string, b: string) => {
    if (isNumeric && amount(a) !== amount(b)) return amount(a) - amount(b)
    const [left, right] = flags.has('f')
      ? [keyOf(a).toUpperCase(), keyOf(b).toUpperCase()]
      : [keyOf(a), keyOf(b)]
    return left < right ? -1 : left > right ? 1 : a < b ? -1 : a > b ? 1 : 0
  }
  let lines = linesOf(text).sort(compare)
  if (isReversed) lines.reverse()
  if (flags.has('u')) lines = lines.filter((line, i) => i === 0 || keyOf(line) !== keyOf(lines[i - 1]!))
  const output = lines.map(line => `${line}\n`).join('')
  if (values.has('o')) process.files.write(pathOf(process, values.get('o')!), output)
  else process.stdout.write(output)
  return 0
}

export const uniq: Program = function* (process) {
  const { flags, operands } = readOptions(process.argv.slice(1))
  const text = yield* allText(process, operands.slice(0, 1))
  if (text === undefined) return 1
  const groups: { line: string; count: number }[] = []
  for (const line of linesOf(text)) {
    const last = groups.at(-1)
    const isSame = flags.has('i') ? last?.line.toLowerCase() === line.toLowerCase() : last?.line === line
    if (last && isSame) last.count++
    else groups.push({ line, count: 1 })
  }
  for (const { line, count } of groups) {
    if ((flags.has('d') && count === 1) || (flags.has('u') && count > 1)) continue
    process.stdout.write(flags.has('c') ? `${String(count).padStart(7)} ${line}\n` : `${line}\n`)
  }
  return 0
}

export const cut: Program = function* (process) {
  const { flags, values, operands } = readOptions(process.argv.slice(1), 'dfcb')
  const list = values.get('f') ?? values.get('c') ?? values.get('b')
  if (list === undefined) return complain(process, 'expected a list of bytes, characters, or fields')
  const text = yield* allText(process, operands)
  if (text === undefined) return 1
  const delimiter = values.get('d') ?? '\t'
  const isPicked = picker(list)
  for (const line of linesOf(text)) {
    if (!values.has('f')) {
      process.stdout.write(`${[...line].filter((_, i) => isPicked(i + 1)).join('')}\n`)
      continue
    }
    const fields = line.split(delimiter)
    if (fields.length === 1) {
      if (!flags.has('s')) process.stdout.write(`${line}\n`)
    } else process.stdout.write(`${fields.filter((_, i) => isPicked(i + 1)).join(delimiter)}\n`)
  }
  return 0
}

function picker(list: string): (place: number) => boolean {
  const ranges = list.split(',').map(part => {
    const [from = '', to] = part.split('-')
    return [
      Number(from || 1),
      to === undefined ? Number(from) : Number(to || Number.POSITIVE_INFINITY),
    ] as const
  })
  return place => ranges.some(([from, to]) => place >= from && place <= to)
}

export const tr: Program = function* (process) {
  const { flags, operands } = readOptions(process.argv.slice(1))
  const isComplement = flags.has('c') || flags.has('C')
  const from = letters(operands[0] ?? '')
  const to = letters(operands[1] ?? '')
  const has = (letter: string) => from.includes(letter) !== isComplement
  const translate = (letter: string) => {
    if (isComplement) return to.at(-1) ?? letter
    return to[Math.min(from.indexOf(letter), to.length - 1)] ?? letter
  }
  let last = ''
  for (let piece = yield* process.stdin.read(); piece !== ''; piece = yield* process.stdin.read()) {
    let output = ''
    for (const letter of piece) {
      if (flags.has('d') && has(letter)) continue
      const next = !flags.has('d') && to.length > 0 && has(letter) ? translate(letter) : letter
      if (flags.has('s') && next === last && (to.length > 0 ? to.includes(next) : has(next))) continue
      output += next
      last = next
    }
    process.stdout.write(output)
    yield* process.stdout.drain()
  }
  return 0
}

const CLASSES: Readonly<Record<string, string>> = {
  '[:lower:]': 'a-z',
  '[:upper:]': 'A-Z',
  '[:digit:]': '0-9',
  '[:alpha:]': 'A-Za-z',
  '[:alnum:]': 'A-Za-z0-9',
  '[:space:]': ' \\t\\n\\r',
}

function letters(set: string): string[] {
  const plain = set
    .replace(/\[:\w+:\]/g, name => CLASSES[name] ?? '')
    .replace(/\\([ntr\\])/g, (_, c: string) => ({ n: '\n', t: '\t', r: '\r', '\\': '\\' })[c]!)
  const found: string[] = []
  for (let i = 0; i < plain.length; i++) {
    if (plain[i + 1] === '-' && i + 2 < plain.length) {
      for (let code = plain.charCodeAt(i); code <= plain.charCodeAt(i + 2); code++) {
        found.push(String.fromCharCode(code))
      }
      i += 2
    } else found.push(plain[i]!)
  }
  return found
}

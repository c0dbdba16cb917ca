/** `grep` and its kin: lines that match. */
import { LineReader, readAll, textInput } from '../io/streams.ts'
import type { Program } from '../program.ts'
import { expression } from './regular-expression.ts'
import { complain, linesOf, pathOf, readFile, readOptions, sources } from './support.ts'

export const grep: Program = function* (process) {
  const name = (process.argv[0] ?? '').replace(/^.*\//, '')
  const { flags, values, all, operands: words } = readOptions(process.argv.slice(1), 'efmABC')
  const operands = [...words]
  const patterns = all.filter(([option]) => option === 'e').map(([, value]) => value)
  if (values.has('f')) {
    const content = yield* readFile(process, values.get('f')!)
    if (content.ok) patterns.push(...linesOf(content.value))
  }
  if (patterns.length === 0 && !values.has('f')) patterns.push(operands.shift() ?? '')
  const isFixed = flags.has('F') || name === 'fgrep'
  const isExtended = flags.has('E') || flags.has('P') || name === 'egrep'
  const tests: RegExp[] = []
  for (const pattern of patterns.flatMap(one => one.split('\n'))) {
    const source = isFixed ? pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : pattern
    const bounded = (text: string) =>
      flags.has('x') ? `^(?:${text})$` : flags.has('w') ? `\\b(?:${text})\\b` : text
    const test = expression(source, isExtended || isFixed)
    if (!test) {
      complain(process, `bad regex '${pattern}'`)
      return 2
    }
    tests.push(new RegExp(bounded(test.source), `g${flags.has('i') ? 'i' : ''}`))
  }
  const isMatch = (line: string) => tests.some(test => line.search(test) >= 0) !== flags.has('v')
  const isRecursive = flags.has('r') || flags.has('R')
  const files = isRecursive
    ? filesBelow(process, operands.length > 0 ? operands : ['.'])
    : yield* sources(process, operands)
  const isNamed = (files.length > 1 || isRecursive || flags.has('H')) && !flags.has('h')
  const after = Number(values.get('A') ?? values.get('C') ?? 0)
  const before = Number(values.get('B') ?? values.get('C') ?? 0)
  let hasFound = false
  for (const { path, lines } of files) {
    let count = 0
    let number = 0
    let trailing = 0
    const recent: string[] = []
    const prefix = (line: string, mark: string, at: number) =>
      `${isNamed ? path + mark : ''}${flags.has('n') ? at + mark : ''}${line}\n`
    for (let line = yield* lines.next(); line !== undefined; line = yield* lines.next()) {
      number++
      if (!isMatch(line)) {
        if (trailing-- > 0) process.stdout.write(prefix(line, '-', number))
        else if (before > 0 && recent.push(line) > before) recent.shift()
        continue
      }
      hasFound = true
      count++
      if (flags.has('q')) return 0
      if (flags.has('l')) break
      if (flags.has('c')) continue
      for (const [i, earlier] of recent.splice(0).entries())
        process.stdout.write(prefix(earlier, '-', number - recent.length - i))
      if (flags.has('o')) {
        for (const test of tests)
          for (const [match] of line.matchAll(test)) process.stdout.write(prefix(match, ':', number))
      } else process.stdout.write(prefix(line, ':', number))
      trailing = after
      yield* process.stdout.drain()
      if (count >= Number(values.get('m') ?? Number.POSITIVE_INFINITY)) break
    }
    if (flags.has('l') && count > 0) process.stdout.write(`${path}\n`)
    if (flags.has('c')) process.stdout.write(`${isNamed ? `${path}:` : ''}${count}\n`)
  }
  return hasFound ? 0 : 1
}

function filesBelow(
  process: Parameters<Program>[0],
  paths: readonly string[],
): { path: string; lines: LineReader }[] {
  const found: { path: string; lines: LineReader }[] = []
  const visit = (path: string) => {
    const node = process.files.node(pathOf(process, path))
    if (!node.ok) return
    if (node.value.type === 'file') found.push({ path, lines: new LineReader(textInput(node.value.content)) })
    if (node.value.type !== 'directory') return
    for (const name of [...node.value.entries.keys()].sort())
      visit(path.endsWith('/') ? path + name : `${path}/${name}`)
  }
  for (const path of paths) visit(path)
  return found
}

/** `sed`: s, d, p, q, a, i, c, y, =; addresses by number, `$`, /pattern/ and ranges; -n, -e, -i, -E. */
export const sed: Program = function* (process) {
  const {
    flags,
    all,
    operands: words,
  } = readOptions(
    process.argv.slice(1).map(word => (/^-i./.test(word) ? '-i' : word)),
    'ef',
  )
  const operands = [...words]
  const scripts = all.filter(([option]) => option === 'e').map(([, value]) => value)
  if (scripts.length === 0) scripts.push(operands.shift() ?? '')
  const commands = parseSed(scripts.join('\n'), flags.has('E') || flags.has('r'))
  if (typeof commands === 'string') return complain(process, commands)
  if (!flags.has('i')) {
    let text = ''
    let code = 0
    for (const path of operands.length > 0 ? operands : ['-']) {
      const content =
        path === '-'
          ? { ok: true as const, value: yield* readAll(process.stdin) }
          : yield* readFile(process, path)
      if (content.ok) text += content.value
      else code = complain(process, `${path}: ${content.error}`)
    }
    process.stdout.write(runSed(commands, text, flags.has('n')))
    return code
  }
  let code = 0
  for (const path of operands) {
    const content = yield* readFile(process, path)
    const written = content.ok
      ? process.files.write(pathOf(process, path), runSed(commands, content.value, flags.has('n')))
      : content
    if (!written.ok) code = complain(process, `${path}: ${written.error}`)
  }
  return code
}

type Address = { readonly line: number } | { readonly test: RegExp } | { readonly isLast: true }

interface SedCommand {
  readonly from: Address | undefined
  readonly to: Address | undefined
  readonly isNegated: boolean
  readonly name: string
  readonly test?: RegExp
  readonly text: string
  readonly flags: string
  isInRange: boolean
}

function parseSed(script: string, isExtended: boolean): SedCommand[] | string {
  const commands: SedCommand[] = []
  let rest = script
  const address = (): Address | undefined => {
    const match = /^(?:(\d+)|(\$)|\/((?:\\.|[^/\\])*)\/)/.exec(rest)
    if (!match) return undefined
    rest = rest.slice(match[0].length)
    if (match[1]) return { line: Number(match[1]) }
    if (match[2]) return { isLast: true }
    const test = expression(match[3]!, isExtended)
    return test && { test }
  }
  for (;;) {
    rest = rest.replace(/^[\s;{}]+/, '')
    if (rest === '') return commands
    const from = address()
    let to: Address | undefined
    if (rest.startsWith(',')) {
      rest = rest.slice(1)
      to = address()
    }
    const isNegated = /^\s*!/.test(rest)
    rest = rest.replace(/^\s*!?\s*/, '')
    const name = rest[0] ?? ''
    rest = rest.slice(1)
    const common = { from, to, isNegated, name, isInRange: false }
    if (name === 's' || name === 'y') {
      const mark = rest[0] ?? ''
      const parts = splitAt(rest.slice(1), mark)
      if (!parts) return `unterminated '${name}' command`
      rest = parts.rest
      const options = /^[gipI0-9]*/.exec(rest)![0]
      rest = rest.slice(options.length)
      const test =
        name === 's' ? expression(parts.first, isExtended, `g${/i/i.test(options) ? 'i' : ''}`) : undefined
      if (name === 's' && !test) return `bad regex '${parts.first}'`
      commands.push({
        ...common,
        test,
        text: name === 's' ? parts.second : `${parts.first}\0${parts.second}`,
        flags: options,
      })
    } else if ('aic'.includes(name) && name !== '') {
      const line = /^\s*\\?\n?([^\n]*)/.exec(rest)!
      rest = rest.slice(line[0].length)
      commands.push({ ...common, text: line[1]!.trimStart(), flags: '' })
    } else if ('dpq='.includes(name) && name !== '') commands.push({ ...common, text: '', flags: '' })
    else return `unsupported command ${name}`
  }
}

function splitAt(text: string, mark: string): { first: string; second: string; rest: string } | undefined {
  const parts: string[] = []
  let part = ''
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\' && i + 1 < text.length) {
      part += text[i + 1] === mark ? mark : `\\${text[i + 1]}`
      i++
    } else if (text[i] === mark) {
      parts.push(part)
      part = ''
      if (parts.length === 2) return { first: parts[0]!, second: parts[1]!, rest: text.slice(i + 1) }
    } else part += text[i]
  }
  return undefined
}

function runSed(commands: readonly SedCommand[], text: string, isQuiet: boolean): string {
  let output = ''
  const lines = linesOf(text)
  for (const [i, original] of lines.entries()) {
    let line = original
    let isDeleted = false
    let isEnd = false
    let after = ''
    for (const command of commands) {
      if (isDeleted || isEnd || applies(command, i + 1, i === lines.length - 1, line) === command.isNegated)
        continue
      switch (command.name) {
        case 's': {
          const { changed, isChanged } = substitute(command, line)
          line = changed
          if (isChanged && command.flags.includes('p')) output += `${line}\n`
          break
        }
        case 'y': {
          const [from = '', to = ''] = command.text.split('\0')
          line = [...line].map(letter => (from.includes(letter) ? to[from.indexOf(letter)] : letter)).join('')
          break
        }
        case 'p':
          output += `${line}\n`
          break
        case '=':
          output += `${i + 1}\n`
          break
        case 'd':
          isDeleted = true
          break
        case 'q':
          isEnd = true
          break
        case 'i':
          output += `${command.text}\n`
          break
        case 'a':
          after += `${command.text}\n`
          break
        case 'c':
          output += `${command.text}\n`
          isDeleted = true
      }
    }
    if (!isDeleted && !isQuiet) output += `${line}\n`
    output += after
    if (isEnd) break
  }
  return text.endsWith('\n') || output === '' ? output : output.replace(/\n$/, '')
}

function applies(command: SedCommand, number: number, isLast: boolean, line: string): boolean {
  const at = (address: Address) =>
    'line' in address ? address.line === number : 'isLast' in address ? isLast : address.test.test(line)
  if (!command.from) return true
  if (!command.to) return at(command.from)
  if (command.isInRange) {
    if (at(command.to) || ('line' in command.to && command.to.line <= number)) command.isInRange = false
    return true
  }
  if (!at(command.from)) return false
  command.isInRange = !('line' in command.to && command.to.line <= number)
  return true
}

function substitute(
  { test, text, flags }: SedCommand,
  line: string,
): { changed: string; isChanged: boolean } {
  const nth = Number(/\d+/.exec(flags)?.[0] ?? 1)
  const isGlobal = flags.includes('g')
  let count = 0
  let isChanged = false
  const changed = line.replace(test!, (...found) => {
    count++
    if (isGlobal ? count < nth : count !== nth) return found[0]
    isChanged = true
    return text.replace(
      /\\([0-9n&t\\/])|\\(.)|&/g,
      (whole, code: string | undefined, other: string | undefined) => {
        if (whole === '&') return found[0]
        if (code === undefined) return other ?? ''
        if (code === 'n') return '\n'
        if (code === 't') return '\t'
        return /\d/.test(code) ? (typeof found[Number(code)] === 'string' ? found[Number(code)] : '') : code
      },
    )
  })
  return { changed, isChanged }
}

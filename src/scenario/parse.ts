/**
 * A lesson as text: Markdown whose front matter configures the cluster, whose prose explains and whose fenced
 * blocks act. Everything keeps its line, so that a mistake or a broken expectation can be pointed at.
 */
import { isNode, LineCounter, parseDocument } from 'yaml'
import { UserError } from '../sim/index.ts'

/** A `$` line and the output that must follow it. */
export interface ConsoleCommand {
  /** Without the `$ `; continuation lines (`\`) are joined. */
  readonly text: string
  /** Line of the `$`, from 1. */
  readonly line: number
  /** The lines under it as written; empty when nothing is expected or nothing is said. */
  readonly expected: readonly string[]
  /** First and one past the last line of `expected`, from 1: what `--update` replaces. */
  readonly expectedLines: { readonly from: number; readonly to: number }
}

type Block =
  | { readonly type: 'prose'; readonly text: string; readonly line: number }
  /** A fenced block that only shows something. */
  | { readonly type: 'shown'; readonly language: string; readonly text: string; readonly line: number }
  | { readonly type: 'apply'; readonly yaml: string; readonly line: number }
  | { readonly type: 'console'; readonly commands: readonly ConsoleCommand[]; readonly line: number }

export interface Scenario {
  /** The name it was read under. */
  readonly file: string
  readonly title: string
  /** The `cluster` part of the front matter, as written. */
  readonly cluster: Readonly<Record<string, unknown>>
  readonly blocks: readonly Block[]
  /** The whole text, for `--update`. */
  readonly source: string
  /** `file:line:column` of a field of the front matter (`cluster.nodes[0].name`), or of what is nearest to it. */
  readonly whereOf: (path: string) => string
}

const FENCE = /^(`{3,}|~{3,})\s*(.*)$/

/** Reads a scenario. Throws UserError with `file:line:column`. */
export function parseScenario(file: string, source: string): Scenario {
  const lines = source.split(/\r?\n/)
  const front = readFrontMatter(file, lines)
  const blocks: Block[] = []
  let prose: string[] = []
  let proseLine = front.bodyLine
  const flushProse = () => {
    const text = prose.join('\n').trim()
    if (text) blocks.push({ type: 'prose', text, line: proseLine })
    prose = []
  }
  for (let i = front.bodyLine - 1; i < lines.length; i++) {
    const fence = FENCE.exec(lines[i]!)
    if (!fence) {
      if (prose.length === 0) proseLine = i + 1
      prose.push(lines[i]!)
      continue
    }
    flushProse()
    const end = closingFence(lines, i, fence[1]!)
    if (end === undefined) {
      throw new UserError('this fenced block is never closed', {
        where: `${file}:${i + 1}:1`,
        mend: `End it with a line of ${fence[1]}`,
      })
    }
    blocks.push(readFence(file, fence[2]!.trim(), lines.slice(i + 1, end), i + 1))
    i = end
  }
  flushProse()
  return {
    file,
    title: front.title ?? file,
    cluster: front.cluster,
    blocks,
    source,
    whereOf: front.whereOf,
  }
}

function closingFence(lines: readonly string[], open: number, mark: string): number | undefined {
  for (let i = open + 1; i < lines.length; i++) {
    const text = lines[i]!.trimEnd()
    if (text.length >= mark.length && text === mark[0]!.repeat(text.length)) return i
  }
  return undefined
}

function readFence(file: string, info: string, body: readonly string[], line: number): Block {
  const [language = '', action = ''] = info.split(/\s+/)
  if ((language === 'yaml' || language === 'json') && action === 'apply') {
    // Blank lines in front keep the positions that a YAML error reports true to the file.
    return { type: 'apply', yaml: '\n'.repeat(line) + body.join('\n'), line }
  }
  if (language === 'console') return { type: 'console', commands: readConsole(file, body, line + 1), line }
  if (action === 'apply') {
    throw new UserError(`a ${language || 'plain'} block cannot be applied`, {
      where: `${file}:${line}:1`,
      mend: 'Only ```yaml apply and ```json apply blocks are applied.',
    })
  }
  return { type: 'shown', language, text: body.join('\n'), line }
}

function readConsole(file: string, body: readonly string[], firstLine: number): ConsoleCommand[] {
  const commands: ConsoleCommand[] = []
  for (let i = 0; i < body.length; ) {
    const start = body[i]!
    if (!start.startsWith('$ ') && start !== '$') {
      if (start.trim() === '' && commands.length === 0) {
        i++
        continue
      }
      throw new UserError('a console block begins with a command', {
        where: `${file}:${firstLine + i}:1`,
        mend: 'Begin the line with "$ kubectl ..." or "$ sim ..."; output goes under its command.',
      })
    }
    const line = firstLine + i
    let text = start.slice(2).trim()
    i++
    while (text.endsWith('\\') && i < body.length) text = `${text.slice(0, -1).trim()} ${body[i++]!.trim()}`
    const from = i
    while (i < body.length && !body[i]!.startsWith('$ ')) i++
    const expected = body.slice(from, i)
    while (expected.length > 0 && expected.at(-1)!.trim() === '') expected.pop()
    commands.push({
      text,
      line,
      expected,
      expectedLines: { from: firstLine + from, to: firstLine + from + expected.length },
    })
  }
  return commands
}

interface FrontMatter {
  readonly title: string | undefined
  readonly cluster: Record<string, unknown>
  readonly bodyLine: number
  readonly whereOf: Scenario['whereOf']
}

function readFrontMatter(file: string, lines: readonly string[]): FrontMatter {
  if (lines[0] !== '---') return { title: undefined, cluster: {}, bodyLine: 1, whereOf: () => `${file}:1:1` }
  const end = lines.indexOf('---', 1)
  if (end < 0) {
    throw new UserError('the front matter is never closed', {
      where: `${file}:1:1`,
      mend: 'End it with a line of ---',
    })
  }
  const counter = new LineCounter()
  const document = parseDocument(`\n${lines.slice(1, end).join('\n')}`, { lineCounter: counter })
  const [error] = document.errors
  if (error) {
    const at = counter.linePos(error.pos[0])
    throw new UserError(`the front matter is not YAML: ${error.message.split('\n')[0]}`, {
      where: `${file}:${at.line}:${at.col}`,
    })
  }
  const whereOf = (path: string): string => {
    const keys = path.split(/[.[\]]+/).filter(key => key !== '')
    for (; keys.length > 0; keys.pop()) {
      const node = document.getIn(keys, true)
      if (!isNode(node) || !node.range) continue
      const at = counter.linePos(node.range[0])
      return `${file}:${at.line}:${at.col}`
    }
    return `${file}:2:1`
  }
  const data: unknown = document.toJS() ?? {}
  if (!isRecord(data)) {
    throw new UserError('the front matter is a mapping', {
      where: `${file}:2:1`,
      mend: 'Write `title: ...`.',
    })
  }
  for (const key of Object.keys(data)) {
    if (!['title', 'cluster', 'description'].includes(key)) {
      throw new UserError(`the front matter has no field "${key}"`, {
        where: whereOf(key),
        mend: 'It knows title, description and cluster.',
      })
    }
  }
  const { title, cluster = {} } = data
  if (!isRecord(cluster)) {
    throw new UserError('`cluster` is a mapping', {
      where: whereOf('cluster'),
      mend: 'Write `cluster: { nodes: 3 }`.',
    })
  }
  return { title: typeof title === 'string' ? title : undefined, cluster, bodyLine: end + 2, whereOf }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Markdown prose as lines of a given width: headings, paragraphs, lists, quotes, and in them code, strong and
 * emphasised words. Anything else stands as it is written.
 */
import { type Line, lineWidth, mergeSpans, type Span, span } from './spans.ts'
import type { Tone } from './tones.ts'

const HEADING = /^(#{1,6})\s+(.*)$/
const ITEM = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/
const QUOTE = /^>\s?(.*)$/
const TABLE = /^\s*\|/
const RULE = /^\s*([-*_])(\s*\1){2,}\s*$/
const INLINE = /(`+)(.+?)\1|\*\*(.+?)\*\*|__(.+?)__|\*([^\s*][^*]*)\*|\b_([^_]+)_\b|!?\[([^\]]*)\]\([^)]*\)/g

/** A paragraph in the making: how its first and its other lines begin. */
interface Block {
  readonly first: Line
  readonly rest: Line
  readonly tone: Tone
  text: string
}

/** Lines at most `columns` cells wide (a longer word stands alone on its line). */
export function renderProse(markdown: string, columns: number): Line[] {
  const lines: Line[] = []
  let block: Block | undefined
  const flush = () => {
    if (block) lines.push(...wrap(block, columns))
    block = undefined
  }
  for (const raw of markdown.split('\n')) {
    const heading = HEADING.exec(raw)
    const item = ITEM.exec(raw)
    const quote = QUOTE.exec(raw)
    if (raw.trim() === '') {
      flush()
      if (lines.length > 0 && lines.at(-1)!.length > 0) lines.push([])
    } else if (RULE.test(raw)) {
      flush()
      lines.push([span('─'.repeat(columns), 'frame')])
    } else if (heading) {
      flush()
      lines.push(...wrap({ first: [], rest: [], tone: 'heading', text: heading[2]! }, columns))
    } else if (TABLE.test(raw)) {
      flush()
      lines.push([span(raw, 'text')])
    } else if (item) {
      flush()
      const [, indent = '', mark = '', text = ''] = item
      const bullet = `${indent}${/\d/.test(mark) ? mark : '•'} `
      const rest = [span(' '.repeat(bullet.length))]
      block = { first: [span(bullet, 'faint')], rest, tone: 'text', text }
    } else if (quote) {
      if (block?.tone !== 'emphasis') flush()
      block ??= { first: [span('▏ ', 'frame')], rest: [span('▏ ', 'frame')], tone: 'emphasis', text: '' }
      block.text += ` ${quote[1]}`
    } else if (block) block.text += ` ${raw.trim()}`
    else block = { first: [], rest: [], tone: 'text', text: raw.trim() }
  }
  flush()
  while (lines.at(-1)?.length === 0) lines.pop()
  return lines
}

function wrap({ first, rest, tone, text }: Block, columns: number): Line[] {
  const lines: Line[] = []
  let line: Span[] = [...first]
  let used = lineWidth(first)
  let isFresh = true
  for (const word of words(parseInline(text.trim(), tone))) {
    const cells = lineWidth(word)
    if (!isFresh && used + 1 + cells > columns) {
      lines.push(line)
      line = [...rest]
      used = lineWidth(rest)
      isFresh = true
    }
    if (!isFresh) {
      const before = line.at(-1)!
      // A blank inside one tone belongs to it; between tones it is plain.
      line.push(span(' ', before.tone === word[0]!.tone ? before.tone : 'text'))
      used++
    }
    line.push(...word)
    used += cells
    isFresh = false
  }
  lines.push(line)
  return lines.map(mergeSpans)
}

function parseInline(text: string, base: Tone): Span[] {
  const spans: Span[] = []
  let at = 0
  for (const match of text.matchAll(INLINE)) {
    if (match.index > at) spans.push(span(text.slice(at, match.index), base))
    const [whole, , code, strong, strong2, emphasis, emphasis2, link] = match
    if (code !== undefined) spans.push(span(code.trim(), 'code'))
    else if (strong ?? strong2) spans.push(span((strong ?? strong2)!, base === 'heading' ? base : 'strong'))
    else if (emphasis ?? emphasis2) spans.push(span((emphasis ?? emphasis2)!, 'emphasis'))
    else spans.push(span(link ?? whole, base))
    at = match.index + whole.length
  }
  if (at < text.length) spans.push(span(text.slice(at), base))
  return spans
}

/** Words as runs of spans: `a **b**c` has two, the second of two tones. */
function words(spans: readonly Span[]): Span[][] {
  const found: Span[][] = []
  let word: Span[] = []
  for (const { text, tone } of spans) {
    const parts = text.split(/\s+/)
    parts.forEach((part, i) => {
      if (i > 0 && word.length > 0) {
        found.push(word)
        word = []
      }
      if (part !== '') word.push(span(part, tone))
    })
  }
  if (word.length > 0) found.push(word)
  return found
}

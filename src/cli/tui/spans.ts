/**
 * Lines of coloured text, measured in terminal cells: what every part of the screen is made of.
 */
import type { Tone } from './tones.ts'

export interface Span {
  readonly text: string
  readonly tone: Tone
}

export type Line = readonly Span[]

export function span(text: string, tone: Tone = 'text'): Span {
  return { text, tone }
}

const PLAIN = /^[\x20-\x7e\u00a0-\u02ff\u2010-\u2027\u2190-\u21ff\u2500-\u25ff]*$/
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|\ufe0f/u
const INVISIBLE = /^[\p{Mark}\p{Control}\p{Format}]+$/u
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** How many cells a terminal gives the text: East Asian characters and emoji take two. */
export function cellWidth(text: string): number {
  if (PLAIN.test(text)) return text.length
  let cells = 0
  for (const { segment } of graphemes.segment(text)) {
    if (!INVISIBLE.test(segment)) cells += WIDE.test(segment) ? 2 : 1
  }
  return cells
}

/** The text in at most `cells` cells, with `…` where something was left out. */
export function truncate(text: string, cells: number): string {
  if (cellWidth(text) <= cells) return text
  if (cells <= 0) return ''
  let kept = ''
  let used = 0
  for (const { segment } of graphemes.segment(text)) {
    const width = cellWidth(segment)
    if (used + width > cells - 1) break
    kept += segment
    used += width
  }
  return `${kept}…`
}

export function lineWidth(line: Line): number {
  return line.reduce((cells, { text }) => cells + cellWidth(text), 0)
}

/** The line in exactly `cells` cells: cut with `…` or filled with blanks. */
export function fitLine(line: Line, cells: number): Line {
  const fitted: Span[] = []
  let left = cells
  for (const { text, tone } of line) {
    if (left === 0) break
    const piece = truncate(text, left)
    fitted.push({ text: piece, tone })
    left -= cellWidth(piece)
    if (piece !== text) break
  }
  if (left > 0) fitted.push(span(' '.repeat(left)))
  return fitted
}

/** The same line with neighbours of one tone as one span. */
export function mergeSpans(line: Line): Line {
  const merged: Span[] = []
  for (const next of line) {
    const last = merged.at(-1)
    if (last?.tone === next.tone) merged[merged.length - 1] = { text: last.text + next.text, tone: last.tone }
    else if (next.text !== '') merged.push(next)
  }
  return merged
}

/** `left` and `right` at the two ends of so many cells; the left gives way. */
export function spread(left: Line, right: Line, cells: number): Line {
  const room = Math.max(cells - lineWidth(right) - 1, 0)
  const begin = fitLine(left, room)
  return fitLine([...begin, span(' '), ...right], cells)
}

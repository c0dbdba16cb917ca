/** The line above a pane: its name in a rule, and something at the right. */
import { cellWidth, type Line, lineWidth, span, truncate } from './spans.ts'

export function paneTitle(name: string, right: Line, columns: number, hasFocus: boolean): Line {
  const tone = hasFocus ? 'focus' : 'frame'
  const label = truncate(name, columns - 6)
  const tail = right.length > 0 ? lineWidth(right) + 2 : 0
  const rule = Math.max(columns - cellWidth(label) - 4 - tail - 1, 0)
  return [
    span(hasFocus ? '━╸' : '──', tone),
    span(`${label}`, hasFocus ? 'heading' : 'strong'),
    span(hasFocus ? '╺' : ' ', tone),
    span((hasFocus ? '━' : '─').repeat(rule), tone),
    ...(right.length > 0 ? [span(' '), ...right, span(' ')] : []),
    span(hasFocus ? '━' : '─', tone),
  ]
}

/** The line above a pane: its name in a rule, and something at the right. */
import { cellWidth, fitLine, type Line, lineWidth, span, truncate } from './spans.ts'

export function paneTitle(name: string, right: Line, columns: number, hasFocus: boolean): Line {
  const tone = hasFocus ? 'focus' : 'frame'
  const rule = hasFocus ? '━' : '─'
  const label = truncate(name, columns - 6)
  const aside = right.length > 0 ? [span(' '), ...right, span(' ')] : []
  const cells = columns - cellWidth(label) - 5 - lineWidth(aside)
  return fitLine(
    [
      span(`${rule}${rule} `, tone),
      span(label, hasFocus ? 'heading' : 'strong'),
      span(` ${rule.repeat(Math.max(cells, 0))}`, tone),
      ...aside,
      span(rule, tone),
    ],
    columns,
  )
}

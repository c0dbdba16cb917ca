/** The last line: the keys, or what is being typed. */
import { memo } from 'react'
import { LineText } from './line-text.tsx'
import { fitLine, type Line, lineWidth, type Span, span } from './spans.ts'
import type { UiState } from './ui-state.ts'

/** The most needed first: those that do not fit are left out. */
const KEYS: readonly (readonly [string, string])[] = [
  ['space', 'pause'],
  ['n', 'next step'],
  ['+ -', 'speed'],
  ['tab', 'focus'],
  ['j k', 'scroll'],
  ['?', 'help'],
  ['q', 'quit'],
]

export interface FooterProps {
  readonly ui: UiState
  readonly isPaused: boolean
  readonly isOver: boolean
  readonly columns: number
}

export const Footer = memo(function Footer(props: FooterProps) {
  return <LineText line={fitLine(footerLine(props), props.columns)} />
})

function footerLine({ ui, isPaused, isOver, columns }: FooterProps): Line {
  if (ui.mode === 'command') return [span(':', 'prompt'), span(ui.command, 'strong'), span('█', 'faint')]
  if (ui.notice) return [span(` ${ui.notice}`, 'error')]
  const words: Record<string, string> = {
    pause: isPaused ? 'go on' : 'pause',
    'next step': isOver ? 'next change' : 'next step',
  }
  const spans: Span[] = []
  for (const [key, what] of KEYS) {
    const entry = [span(' '), span(key, 'prompt'), span(` ${words[what] ?? what} `, 'faint')]
    if (lineWidth(spans) + lineWidth(entry) <= columns) spans.push(...entry)
  }
  return spans
}

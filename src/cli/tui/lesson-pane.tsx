/** The lesson's text, following the step under way unless it is scrolled. */
import { memo } from 'react'
import type { Size } from './layout.ts'
import { PaneView } from './pane.tsx'
import { type Line, type Span, span } from './spans.ts'

export interface LessonPaneProps {
  readonly lines: readonly Line[]
  readonly top: number
  /** From 0; `steps` when the lesson is over. */
  readonly step: number
  readonly steps: number
  readonly readEighths: number | undefined
  readonly hasFailed: boolean
  readonly size: Size
  readonly hasFocus: boolean
}

export const LessonPane = memo(function LessonPane(props: LessonPaneProps) {
  const { lines, top, size, hasFocus } = props
  return (
    <PaneView
      name="Lesson"
      aside={aside(props)}
      size={size}
      hasFocus={hasFocus}
      lines={lines.slice(top, top + size.rows - 1)}
    />
  )
})

function aside({ step, steps, readEighths, hasFailed }: LessonPaneProps): Line {
  const spans: Span[] = []
  if (hasFailed) spans.push(span('✗ not as it says', 'error'), span('  '))
  if (step >= steps) return [...spans, span('the end: the cluster lives on', 'faint')]
  if (readEighths !== undefined) {
    spans.push(span('▰'.repeat(readEighths), 'added'), span('▱'.repeat(8 - readEighths), 'frame'), span('  '))
  }
  return [...spans, span(`step ${step + 1}/${steps}`, 'faint')]
}

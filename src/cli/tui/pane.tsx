/** A titled part of the screen: a rule with its name, then its lines, always of the same height. */
import { Box } from 'ink'
import type { Size } from './layout.ts'
import { LineText } from './line-text.tsx'
import { paneTitle } from './pane-title.ts'
import type { Line } from './spans.ts'

export interface PaneProps {
  readonly name: string
  /** At the right of the title. */
  readonly aside: Line
  readonly size: Size
  readonly hasFocus: boolean
  readonly lines: readonly Line[]
}

export function PaneView({ name, aside, size, hasFocus, lines }: PaneProps) {
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows} overflow="hidden">
      <LineText line={paneTitle(name, aside, size.columns, hasFocus)} />
      {lines.slice(0, size.rows - 1).map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line of the screen is its place
        <LineText key={at} line={line.length > 0 ? line : BLANK} />
      ))}
    </Box>
  )
}

const BLANK: Line = [{ text: ' ', tone: 'text' }]

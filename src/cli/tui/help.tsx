/** The help overlay: every key and every colour. */
import { Box } from 'ink'
import type { Size } from './layout.ts'
import { LineText } from './line-text.tsx'
import { cellWidth, fitLine, type Line, span } from './spans.ts'

const KEYS: readonly (readonly [string, string])[] = [
  ['space, P', 'pause or go on'],
  ['n . >', 'next step of the lesson; after it, the next change'],
  ['+ -', 'faster, slower'],
  ['tab', 'look at the lesson, the cluster, the events'],
  ['j k, arrows', 'scroll what is looked at; g G ctrl-f ctrl-b too'],
  ['esc', 'follow again'],
  ['q, :q, ctrl-c', 'quit'],
]

const LEGEND: readonly Line[] = [
  [
    span('● ready', 'row'),
    span('   ● just added', 'added'),
    span('   ● just modified', 'modified'),
    span('   ○ pending', 'pending'),
  ],
  [span('✗ error', 'error'), span('   ◌ being killed', 'killed'), span('      ✓ completed', 'completed')],
]

const NOTE: readonly string[] = [
  'Virtual time stands still while you read, and passes',
  'at the speed you choose while a step is carried out.',
]

export function Help({ size }: { readonly size: Size }) {
  const lines: readonly Line[] = [
    ...KEYS.map(([key, what]) => [span(key.padEnd(15), 'prompt'), span(what, 'text')]),
    [],
    ...LEGEND,
    [],
    ...NOTE.map(text => [span(text, 'faint')]),
  ]
  const inner = Math.min(size.columns - 6, 66)
  const shown = lines.slice(0, size.rows - 2)
  const title = ' Help '
  const rule = '─'.repeat(inner + 2 - cellWidth(title) - 1)
  return (
    <Box width={size.columns} height={size.rows} alignItems="center" justifyContent="center">
      <Box flexDirection="column">
        <LineText line={[span('╭─', 'focus'), span(title, 'heading'), span(`${rule}╮`, 'focus')]} />
        {shown.map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line of the screen is its place
          <LineText key={at} line={[span('│ ', 'focus'), ...fitLine(line, inner), span(' │', 'focus')]} />
        ))}
        <LineText line={[span(`╰${'─'.repeat(inner + 2)}╯`, 'focus')]} />
      </Box>
    </Box>
  )
}

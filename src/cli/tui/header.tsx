/** The two lines at the top: what is played, whose time it is, how the cluster is. */
import { Box } from 'ink'
import { memo } from 'react'
import { LineText } from './line-text.tsx'
import { type Line, lineWidth, type Span, span, spread, truncate } from './spans.ts'
import type { Tone } from './tones.ts'
import type { ViewModel } from './view-model.ts'

type Shown = Pick<
  ViewModel,
  | 'title'
  | 'state'
  | 'speed'
  | 'seed'
  | 'elapsed'
  | 'clock'
  | 'down'
  | 'nodesReady'
  | 'nodesTotal'
  | 'podsReady'
  | 'podsTotal'
  | 'readEighths'
>

const STATES: Readonly<Record<ViewModel['state'], readonly [string, Tone]>> = {
  paused: ['⏸ paused', 'pending'],
  reading: ['▷ reading', 'added'],
  playing: ['▶ playing', 'modified'],
  live: ['▶ live', 'modified'],
}

export const Header = memo(function Header({ shown, columns }: { shown: Shown; columns: number }) {
  return (
    <Box flexDirection="column">
      <LineText line={titleLine(shown, columns)} />
      <LineText line={clusterLine(shown, columns)} />
    </Box>
  )
})

function titleLine({ title, state, speed, seed }: Shown, columns: number): Line {
  const [stateText, stateTone] = STATES[state]
  const right: Line = [
    span(stateText, stateTone),
    span('  '),
    span(speed, 'strong'),
    span('  seed ', 'faint'),
    span(`${seed}`, 'strong'),
    span(' '),
  ]
  const left: Line = [span(' KUBARIUM ', 'brand'), span('  ')]
  const room = columns - lineWidth(left) - lineWidth(right) - 1
  return spread([...left, span(truncate(title, room), 'strong')], right, columns)
}

function clusterLine(shown: Shown, columns: number): Line {
  const { elapsed, clock, down, nodesReady, nodesTotal, podsReady, podsTotal } = shown
  const left: Span[] = [span(` ${clock}`, 'text'), span(`  ${elapsed}`, 'heading')]
  if (down.length > 0) left.push(span(`  ✗ ${down.join(', ')} down`, 'error'))
  const right: Line = [
    span('nodes ', 'faint'),
    ratio(nodesReady, nodesTotal, 'error'),
    span('  pods ', 'faint'),
    ratio(podsReady, podsTotal, 'pending'),
    span(' ready ', 'faint'),
  ]
  return spread(left, right, columns)
}

function ratio(ready: number, total: number, otherwise: Tone): Span {
  return span(`${ready}/${total}`, ready === total ? 'row' : otherwise)
}

/** The whole screen, a function of the view model, of what the person does with it, and of its size. */
import { Box } from 'ink'
import { scrollableNodes } from './cluster-lines.ts'
import { ClusterPane } from './cluster-pane.tsx'
import { EventsPane } from './events-pane.tsx'
import { Footer } from './footer.tsx'
import { Header } from './header.tsx'
import { Help } from './help.tsx'
import {
  FOOTER_ROWS,
  GAP_COLUMNS,
  HEADER_ROWS,
  isTooSmall,
  type Layout,
  layOut,
  type Pane,
  type Size,
} from './layout.ts'
import { lessonLines } from './lesson-lines.ts'
import { LessonPane } from './lesson-pane.tsx'
import { follow, lastTop } from './scrolling.ts'
import { TooSmall } from './too-small.tsx'
import { type Extent, topOf, type UiState } from './ui-state.ts'
import type { ViewModel } from './view-model.ts'

export interface ScreenProps {
  readonly view: ViewModel
  readonly ui: UiState
  readonly size: Size
}

export function Screen({ view, ui, size }: ScreenProps) {
  if (isTooSmall(size)) return <TooSmall size={size} />
  const layout = layOut(size, ui.focus)
  return (
    <Box flexDirection="column" flexShrink={0} width={size.columns} height={size.rows}>
      <Header shown={view} columns={size.columns} />
      {ui.mode === 'help' ? (
        <Help size={{ columns: size.columns, rows: size.rows - HEADER_ROWS - FOOTER_ROWS }} />
      ) : (
        <Panes view={view} ui={ui} layout={layout} />
      )}
      <Footer
        ui={ui}
        isPaused={view.state === 'paused'}
        isOver={view.step >= view.steps.length}
        columns={size.columns}
      />
    </Box>
  )
}

function Panes({ view, ui, layout }: { view: ViewModel; ui: UiState; layout: Layout }) {
  const extents = extentsOf(view, ui, layout)
  const lesson = (
    <LessonPane
      lines={lessonLines(view.steps, layout.lesson.columns).lines}
      top={extents.lesson.top}
      step={view.step}
      steps={view.steps.length}
      readEighths={view.readEighths}
      hasFailed={view.hasFailed}
      size={layout.lesson}
      hasFocus={ui.focus === 'lesson'}
    />
  )
  const cluster = (
    <ClusterPane
      nodes={view.nodes}
      unscheduled={view.unscheduled}
      top={extents.cluster.top}
      size={layout.cluster}
      hasFocus={ui.focus === 'cluster'}
    />
  )
  const events = (
    <EventsPane
      events={view.events}
      startMs={view.startMs}
      top={extents.events.top}
      size={layout.events}
      hasFocus={ui.focus === 'events'}
    />
  )
  if (!layout.isWide) {
    return (
      <>
        {cluster}
        {lesson}
        {events}
      </>
    )
  }
  return (
    <Box gap={GAP_COLUMNS}>
      {lesson}
      <Box flexDirection="column">
        {cluster}
        {events}
      </Box>
    </Box>
  )
}

/** What is seen of each pane, and how far it can be scrolled. */
export function extentsOf(view: ViewModel, ui: UiState, layout: Layout): Record<Pane, Extent> {
  const { lines, ranges } = lessonLines(view.steps, layout.lesson.columns)
  const extent = (pane: Pane, total: number, rows: number, followed: number): Extent => {
    const last = lastTop(total, rows)
    return { top: topOf(ui, pane, followed, last), lastTop: last, rows }
  }
  const lessonRows = layout.lesson.rows - 1
  const eventRows = layout.events.rows - 1
  const clusterRows = layout.cluster.rows - 1
  const nodes = scrollableNodes(view.nodes.length, { columns: layout.cluster.columns, rows: clusterRows })
  return {
    lesson: extent('lesson', lines.length, lessonRows, follow(ranges[view.step], lines.length, lessonRows)),
    events: extent('events', view.events.length, eventRows, lastTop(view.events.length, eventRows)),
    // The last line says how many there are more.
    cluster: extent('cluster', nodes, clusterRows - 1, 0),
  }
}

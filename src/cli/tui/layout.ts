/**
 * Where things are on a screen of some size. One above the other where it is narrow, and then the part looked at
 * gets more room; the lesson beside the cluster where it is wide.
 */

export interface Size {
  readonly columns: number
  readonly rows: number
}

export type Pane = 'lesson' | 'cluster' | 'events'

export const PANES: readonly Pane[] = ['lesson', 'cluster', 'events']

export interface Layout {
  readonly isWide: boolean
  readonly lesson: Size
  readonly cluster: Size
  readonly events: Size
}

/** Below this there is nothing sensible to draw. */
export const LEAST_SIZE: Size = { columns: 60, rows: 15 }
/** Rows of the header and of the footer. */
export const HEADER_ROWS = 2
export const FOOTER_ROWS = 1
/** Columns between two panes side by side. */
export const GAP_COLUMNS = 2
const WIDE_COLUMNS = 132
/** Longer lines of prose are hard to read; tables of kubectl are wider. */
const MOST_LESSON_COLUMNS = 96

/** Parts of the height, in percent, by what is looked at; a narrow screen. */
const SHARES: Readonly<Record<Pane, Readonly<Record<Pane, number>>>> = {
  lesson: { lesson: 44, cluster: 34, events: 22 },
  cluster: { lesson: 24, cluster: 58, events: 18 },
  events: { lesson: 24, cluster: 26, events: 50 },
}

export function isTooSmall({ columns, rows }: Size): boolean {
  return columns < LEAST_SIZE.columns || rows < LEAST_SIZE.rows
}

export function layOut({ columns, rows }: Size, focus: Pane): Layout {
  const height = rows - HEADER_ROWS - FOOTER_ROWS
  if (columns >= WIDE_COLUMNS) {
    const lessonColumns = Math.min(Math.floor(columns * 0.43), MOST_LESSON_COLUMNS)
    const rest = columns - lessonColumns - GAP_COLUMNS
    const clusterRows = Math.floor(height * 0.5)
    return {
      isWide: true,
      lesson: { columns: lessonColumns, rows: height },
      cluster: { columns: rest, rows: clusterRows },
      events: { columns: rest, rows: height - clusterRows },
    }
  }
  const share = SHARES[focus]
  const clusterRows = Math.max(Math.round((height * share.cluster) / 100), 4)
  const eventsRows = Math.max(Math.round((height * share.events) / 100), 3)
  return {
    isWide: false,
    lesson: { columns, rows: height - clusterRows - eventsRows },
    cluster: { columns, rows: clusterRows },
    events: { columns, rows: eventsRows },
  }
}

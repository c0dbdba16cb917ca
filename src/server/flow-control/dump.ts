/**
 * What the debugging paths under /debug/api_priority_and_fairness tell. Mirrors apf_controller_debug.go of
 * k8s.io/apiserver.
 */
import type { FlowControl } from './index.ts'
import { type PriorityLevel, type Ticket, USUAL_SECONDS } from './level.ts'

/** The text of `dump_priority_levels`, `dump_queues` or `dump_requests`; undefined for any other name. */
export function dumpOf(name: string, flow: FlowControl, nowMs: number): string | undefined {
  const levels = [...flow.levels.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  switch (name) {
    case 'dump_priority_levels':
      return table(LEVEL_COLUMNS, levels.map(levelRow))
    case 'dump_queues':
      return table(QUEUE_COLUMNS, levels.flatMap(queueRows))
    case 'dump_requests':
      return table(
        REQUEST_COLUMNS,
        levels.flatMap(level => requestRows(level, nowMs)),
      )
    default:
      return undefined
  }
}

const LEVEL_COLUMNS = [
  'PriorityLevelName',
  'ActiveQueues',
  'IsIdle',
  'IsQuiescing',
  'WaitingRequests',
  'ExecutingRequests',
  'DispatchedRequests',
  'RejectedRequests',
  'TimedoutRequests',
  'CancelledRequests',
]

function levelRow({ name, queues, waiting, executing, counts }: PriorityLevel): string[] {
  const active = queues.filter(queue => queue.waiting.length + queue.executing > 0).length
  const isIdle = waiting === 0 && executing.size === 0
  const { dispatched, rejected, timedOut, cancelled } = counts
  return [
    name,
    active,
    isIdle,
    false,
    waiting,
    executing.size,
    dispatched,
    rejected,
    timedOut,
    cancelled,
  ].map(String)
}

const QUEUE_COLUMNS = [
  'PriorityLevelName',
  'Index',
  'PendingRequests',
  'ExecutingRequests',
  'SeatsInUse',
  'NextDispatchR',
  'InitialSeatsSum',
  'MaxSeatsSum',
  'TotalWorkSum',
]

function queueRows({ name, queues }: PriorityLevel): string[][] {
  return queues
    .filter(queue => queue.waiting.length + queue.executing > 0)
    .map(({ index, waiting, executing, taken, served }) => {
      const seats = waiting.reduce((sum, { ticket }) => sum + ticket.seats, 0)
      const cells = [name, index, waiting.length, executing, taken, `${served.toFixed(8)}ss`, seats, seats]
      return [...cells, `${(seats * USUAL_SECONDS).toFixed(8)}ss`].map(String)
    })
}

const REQUEST_COLUMNS = [
  'PriorityLevelName',
  'FlowSchemaName',
  'QueueIndex',
  'RequestIndexInQueue',
  'FlowDistingsher',
  'ArriveTime',
  'InitialSeats',
  'FinalSeats',
  'AdditionalLatency',
  'StartTime',
]

function requestRows({ name, queues, executing }: PriorityLevel, nowMs: number): string[][] {
  const at = (ms: number) => new Date(Date.now() - nowMs + ms).toISOString()
  const row = (ticket: Ticket, queue: number, place: number, started: string) => {
    const { schema, distinguisher, arrivedMs, seats } = ticket
    return [name, schema, queue, place, distinguisher, at(arrivedMs), seats, 0, '0s', started].map(String)
  }
  return [
    ...[...executing].map(([ticket, { queue, startedMs }]) =>
      row(ticket, queue?.index ?? -1, -1, at(startedMs)),
    ),
    ...queues.flatMap(({ index, waiting }) =>
      waiting.map(({ ticket }, place) => row(ticket, index, place, '')),
    ),
  ]
}

/** Columns of at least eight, each with its comma, one space between them, as Go's tabwriter lays them out. */
function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [columns, ...rows].map(cells =>
    cells.map((cell, i) => (i < cells.length - 1 ? `${cell},` : cell)),
  )
  const widths = columns.map((_, i) => Math.max(7, ...lines.map(cells => cells[i]!.length)) + 1)
  const text = (cells: readonly string[]) =>
    cells.map((cell, i) => (i < cells.length - 1 ? cell.padEnd(widths[i]!) : cell)).join('')
  return `${lines.map(text).join('\n')}\n`
}

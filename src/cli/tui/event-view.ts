/** A Kubernetes Event as a line of the screen, in the words of `kubectl get events`. */
import { columnsOf, type Event, Events } from '../../api/index.ts'

export interface EventView {
  readonly key: string
  /** When it was seen last, virtual ms since the Unix epoch. */
  readonly atMs: number
  readonly isWarning: boolean
  readonly reason: string
  /** `pod/web-1` */
  readonly object: string
  readonly message: string
  /** How often it has happened; 1 for once. */
  readonly count: number
}

const columns = columnsOf(Events)
const cell = (name: string) => columns.find(column => column.name === name)!.cell
const reasonOf = cell('Reason')
const objectOf = cell('Object')
const messageOf = cell('Message')

export function viewEvent(key: string, event: Event, atMs: number): EventView {
  return {
    key,
    atMs,
    isWarning: event.type === 'Warning',
    reason: String(reasonOf(event, atMs)),
    object: String(objectOf(event, atMs)),
    message: String(messageOf(event, atMs)).replaceAll('\n', ' '),
    count: event.series?.count ?? event.count ?? 1,
  }
}

/**
 * "Why did this happen?" answered from the trace: the chain of causes behind a change of an object, from the change
 * back to what came from outside.
 */
import { formatTime, type Simulation, type TraceRecord } from '../sim/index.ts'

/** One link of the chain, in words. */
export interface Reason {
  readonly atMs: number
  /** The trace's label, `etcd/put`. */
  readonly label: string
  /** What it happened to; '' for nothing in particular. */
  readonly subject: string
  readonly text: string
}

/** The chain behind trace record `id`, nearest first; hops of the wire are folded into what they carried. */
export function chainOf(sim: Simulation, id: number): Reason[] {
  return sim.trace
    .chain(id)
    .filter(record => !QUIET.has(record.label))
    .map(record => ({
      atMs: record.atMs,
      label: record.label,
      subject: record.subject,
      text: inWords(record),
    }))
}

/** Records that say nothing a person would ask for. */
const QUIET: ReadonlySet<string> = new Set([
  'wire/reply',
  'wire/watch',
  'wire/request',
  'etcd/watch',
  'etcd/read',
  'etcd/sync',
  'apiserver/request',
])

function inWords(record: TraceRecord): string {
  const what = record.subject.replace('/registry/', '')
  switch (record.label) {
    case 'etcd/put':
      return `${what} was written (revision ${record.detail})`
    case 'etcd/delete':
      return `${what} was removed (revision ${record.detail})`
    case 'input/kubectl':
      return 'kubectl was run'
    case 'input/apply':
      return 'a manifest was applied'
    case 'etcd/lease-expired':
      return 'a lease expired in etcd'
    default:
      return what ? `${record.label}: ${what}` : record.label
  }
}

/** The chain as lines: time, then what, each because of the next. */
export function formatChain(reasons: readonly Reason[]): string {
  return reasons
    .map((reason, i) => `${clock(reason.atMs)}  ${i === 0 ? '' : 'because '}${reason.text}`)
    .join('\n')
}

/** `08:00:01.250` */
function clock(ms: number): string {
  return `${formatTime(ms).slice(11, 19)}.${String(ms % 1000).padStart(3, '0')}`
}

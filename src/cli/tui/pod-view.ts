/**
 * A pod as a row of the screen: what kubectl's columns say of it, and the colour a k9s user expects for that.
 */
import { columnsOf, isConditionTrue, type Pod, Pods } from '../../api/index.ts'
import type { Tone } from './tones.ts'

export interface PodView {
  /** The etcd key: its identity. */
  readonly key: string
  readonly name: string
  readonly namespace: string
  /** kubectl's STATUS. */
  readonly status: string
  readonly restarts: number
  /** Undefined while it is unscheduled. */
  readonly nodeName: string | undefined
  readonly isReady: boolean
  /** It has run to its end; whether it is ready is no question any more. */
  readonly isOver: boolean
  readonly tone: Tone
  /** It has just come or changed, and is shown so for a moment. */
  readonly flash: 'added' | 'modified' | undefined
}

const statusColumn = columnsOf(Pods).find(column => column.name === 'Status')!
const STARTING = /^(ContainerCreating|PodInitializing|Init:\d+\/\d+)$/
const WAITING = new Set(['Pending', 'SchedulingGated', 'NotReady', ''])

export function viewPod(key: string, pod: Pod, nowMs: number): PodView {
  const { metadata, spec, status } = pod
  const statusText = String(statusColumn.cell(pod, nowMs))
  const isReady = isConditionTrue(pod, 'Ready')
  return {
    key,
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    status: statusText,
    restarts: status.containerStatuses?.reduce((sum, container) => sum + container.restartCount, 0) ?? 0,
    nodeName: spec.nodeName || undefined,
    isReady,
    isOver: status.phase === 'Succeeded' || status.phase === 'Failed',
    tone: podTone(statusText, isReady),
    flash: undefined,
  }
}

/** The colour of a pod by kubectl's word for its state. */
export function podTone(status: string, isReady: boolean): Tone {
  if (status === 'Running') return isReady ? 'row' : 'pending'
  if (status === 'Completed' || status === 'Succeeded') return 'completed'
  if (status === 'Terminating') return 'killed'
  return WAITING.has(status) || STARTING.test(status) ? 'pending' : 'error'
}

/** The colour it is drawn in: news shows through unless something is wrong or ending. */
export function shownTone({ tone, flash }: PodView): Tone {
  return flash && (tone === 'row' || tone === 'pending') ? flash : tone
}

/** One cell that says the same as the colour. */
export function podSymbol({ tone, isReady }: PodView): string {
  switch (tone) {
    case 'row':
      return '●'
    case 'error':
      return '✗'
    case 'killed':
      return '◌'
    case 'completed':
      return '✓'
    default:
      return isReady ? '●' : '○'
  }
}

/** True when a person could see no difference. */
export function looksSame(a: PodView, b: PodView): boolean {
  return (
    a.status === b.status && a.isReady === b.isReady && a.restarts === b.restarts && a.nodeName === b.nodeName
  )
}

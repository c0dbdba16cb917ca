/**
 * Everything the screen shows, as one value. What did not change is the same object as before, so that drawing
 * does nothing for it.
 */
import { formatTime } from '../../sim/index.ts'
import type { EventView } from './event-view.ts'
import type { StepView } from './lesson-pace.ts'
import type { NodeView } from './node-view.ts'
import type { PodView } from './pod-view.ts'

export interface ViewModel {
  readonly title: string
  readonly seed: number
  /** `paused`; `reading` while a step waits to be read; `playing` a lesson; `live` after it. */
  readonly state: 'paused' | 'reading' | 'playing' | 'live'
  /** `4x`, `max` */
  readonly speed: string
  /** Since the world began: `+1m32s`. */
  readonly elapsed: string
  /** The cluster's own clock: `2026-01-01 00:01:32`. */
  readonly clock: string
  /** When the world began, virtual ms since the Unix epoch. */
  readonly startMs: number
  /** Components of the control plane that have crashed. */
  readonly down: readonly string[]
  readonly nodesReady: number
  readonly nodesTotal: number
  readonly podsReady: number
  readonly podsTotal: number
  readonly nodes: readonly NodeView[]
  readonly unscheduled: readonly PodView[]
  /** Latest last. */
  readonly events: readonly EventView[]
  readonly steps: readonly StepView[]
  /** The step looked at; the number of steps when the lesson is over. */
  readonly step: number
  /** Eighths of the reading time that are over; undefined while nothing is to be read. */
  readonly readEighths: number | undefined
  readonly hasFailed: boolean
}

/** `next`, or `before` when a person would see no difference. */
export function newer(before: ViewModel | undefined, next: ViewModel): ViewModel {
  if (!before) return next
  const fields = Object.keys(next) as (keyof ViewModel)[]
  return fields.some(field => !Object.is(before[field], next[field])) ? next : before
}

/** `+1m32s`; with tenths where the clock runs slowly enough to read them. */
export function elapsedText(ms: number, hasTenths: boolean): string {
  const seconds = Math.floor(ms / 1000)
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
  ] as const
  const first = parts.findIndex(([value]) => value > 0)
  const head = (first < 0 ? [] : parts.slice(first)).map(([value, unit]) => `${value}${unit}`).join('')
  const tenths = hasTenths ? `.${Math.floor(ms / 100) % 10}` : ''
  return `+${head}${seconds % 60}${tenths}s`
}

/** `2026-01-01 00:01:32` */
export function clockText(ms: number): string {
  return formatTime(ms).slice(0, 19).replace('T', ' ')
}

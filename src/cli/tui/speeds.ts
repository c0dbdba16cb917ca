/** The speeds a person can choose, slow to fast. */

export interface Speed {
  /** `1x`, `max` */
  readonly text: string
  /** Virtual ms a real ms. */
  readonly factor: number
}

/** `max` is as fast as the machine can, yet not so fast that a quiet cluster loses a day in a blink. */
export const SPEEDS: readonly Speed[] = [
  { text: '0.1x', factor: 0.1 },
  { text: '0.25x', factor: 0.25 },
  { text: '1x', factor: 1 },
  { text: '2x', factor: 2 },
  { text: '4x', factor: 4 },
  { text: '16x', factor: 16 },
  { text: '64x', factor: 64 },
  { text: 'max', factor: 3600 },
]

/** The fastest speed whose factor is at most `factor`; the slowest if there is none. */
export function speedIndex(factor: number): number {
  const faster = SPEEDS.findIndex(speed => speed.factor > factor)
  return faster < 0 ? SPEEDS.length - 1 : Math.max(faster - 1, 0)
}

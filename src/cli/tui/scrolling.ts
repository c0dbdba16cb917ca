/** Which part of something long is seen. */

/** The first line to show of `total` so that lines `from` to `to` are seen with what led to them. */
export function follow(range: { from: number; to: number } | undefined, total: number, rows: number): number {
  if (!range) return lastTop(total, rows)
  const isLong = range.to - range.from >= rows
  // A quarter of the room is for what comes next.
  const wanted = isLong ? range.from : range.to - Math.ceil(rows * 0.75)
  return clampTop(Math.min(wanted, range.from), total, rows)
}

/** The first line shown when the end is seen. */
export function lastTop(total: number, rows: number): number {
  return Math.max(total - rows, 0)
}

export function clampTop(top: number, total: number, rows: number): number {
  return Math.min(Math.max(top, 0), lastTop(total, rows))
}

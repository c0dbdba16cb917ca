/**
 * Columns padded with spaces the way kubectl's tabwriter pads them: at least three spaces between, none after
 * the last.
 */

const GAP = 3

/** Lines for rows of cells; every row has as many cells as the first. */
export function textTable(rows: readonly (readonly string[])[], gap = GAP): string[] {
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, [...cell].length)
    })
  }
  return rows.map(row =>
    row
      .map((cell, i) =>
        i === row.length - 1 ? cell : cell + ' '.repeat(widths[i]! - [...cell].length + gap),
      )
      .join(''),
  )
}

/**
 * Columns padded with spaces the way kubectl's tabwriter pads them: at least three spaces between, no column
 * narrower than six, nothing after the last.
 */

const GAP = 3
const MINIMUM_WIDTH = 6

/** Lines for rows of cells; every row has as many cells as the first. */
export function textTable(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? MINIMUM_WIDTH, [...cell].length + GAP)
    })
  }
  return rows.map(row =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell + ' '.repeat(widths[i]! - [...cell].length)))
      .join(''),
  )
}

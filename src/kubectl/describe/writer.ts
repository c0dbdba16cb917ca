/**
 * Text in aligned columns: cells end at tabs, and neighbouring lines with a cell in the same place share its width.
 * Mirrors Go's text/tabwriter as kubectl's describe sets it up (two spaces between columns), and its PrefixWriter.
 */

const GAP = 2
const INDENT = '  '

/** Collects a description. `toString` gives it aligned. */
export class DescriptionWriter {
  #done = ''
  #pending = ''

  /** Writes text as it is, after `level` indents. Tabs end cells. */
  write(level: number, text: string): void {
    this.#pending += INDENT.repeat(level) + text
  }

  /** A whole line. */
  line(level: number, text: string): void {
    this.write(level, `${text}\n`)
  }

  /** `Name:` and its value, aligned with its neighbours. */
  field(level: number, name: string, value: string | number): void {
    this.write(level, `${name}:\t${value}\n`)
  }

  /** Ends all columns: what follows is aligned anew. */
  flush(): void {
    this.#done += align(this.#pending)
    this.#pending = ''
  }

  /** The description with its tabs as they were written, as `rollout history` prints it. */
  get unaligned(): string {
    return this.#done + this.#pending
  }

  toString(): string {
    this.flush()
    return this.#done
  }
}

/** Aligns a text at its tabs. */
export function align(text: string): string {
  const lines = text.split('\n').map(line => line.split('\t'))
  return format(lines, 0, lines.length, []).join('\n')
}

/** Lines `from` to `to`, all of which have a cell in each of the columns whose `widths` are known. */
function format(
  lines: readonly (readonly string[])[],
  from: number,
  to: number,
  widths: readonly number[],
): string[] {
  const column = widths.length
  const hasCell = (i: number) => column < lines[i]!.length - 1
  const printed: string[] = []
  for (let i = from; i < to; ) {
    if (!hasCell(i)) {
      printed.push(pad(lines[i]!, widths))
      i++
      continue
    }
    let end = i
    let width = 0
    for (; end < to && hasCell(end); end++) width = Math.max(width, [...lines[end]![column]!].length + GAP)
    printed.push(...format(lines, i, end, [...widths, width]))
    i = end
  }
  return printed
}

function pad(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, i) => (i < widths.length ? cell + ' '.repeat(widths[i]! - [...cell].length) : cell))
    .join('')
}

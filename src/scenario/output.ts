/**
 * Expected output against what came: compared line by line to the letter, trailing blanks aside, save for
 * `...`, which stands for any text within a line, or, alone on a line, for any lines.
 */

/** True when `actual` is what `expected` describes. */
export function matchesOutput(expected: readonly string[], actual: readonly string[]): boolean {
  return matchFrom(expected.map(trimEnd), dropTrailingBlank(actual.map(trimEnd)), 0, 0)
}

function matchFrom(expected: readonly string[], actual: readonly string[], e: number, a: number): boolean {
  if (e === expected.length) return a === actual.length
  if (expected[e]!.trim() === '...') {
    for (let next = a; next <= actual.length; next++) {
      if (matchFrom(expected, actual, e + 1, next)) return true
    }
    return false
  }
  return (
    a < actual.length && matchesLine(expected[e]!, actual[a]!) && matchFrom(expected, actual, e + 1, a + 1)
  )
}

/** One line; `...` inside it stands for any text. */
export function matchesLine(expected: string, actual: string): boolean {
  if (expected === actual) return true
  const parts = expected.split('...')
  if (parts.length === 1) return false
  const [first = ''] = parts
  const last = parts.at(-1)!
  if (!actual.startsWith(first) || !actual.endsWith(last)) return false
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = actual.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= actual.length - last.length
}

function trimEnd(line: string): string {
  return line.trimEnd()
}

function dropTrailingBlank(lines: string[]): string[] {
  while (lines.length > 0 && lines.at(-1) === '') lines.pop()
  return lines
}

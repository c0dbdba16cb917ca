/** Sets of completion indexes as Jobs write them: `1,3-5,7`; two in a row stay apart by a comma. */
export function parseIndexes(text: string | undefined, completions: number): Set<number> {
  const indexes = new Set<number>()
  for (const range of text ? text.split(',') : []) {
    const [first = '', last = first] = range.split('-')
    for (let index = Number(first); index <= Number(last) && index < completions; index++) indexes.add(index)
  }
  return indexes
}

export function formatIndexes(indexes: Iterable<number>): string {
  const sorted = [...indexes].sort((a, b) => a - b)
  const parts: string[] = []
  for (let start = 0; start < sorted.length; ) {
    let end = start
    while (sorted[end + 1] === sorted[end]! + 1) end++
    const [first, last] = [sorted[start]!, sorted[end]!]
    if (first === last) parts.push(`${first}`)
    else parts.push(last === first + 1 ? `${first},${last}` : `${first}-${last}`)
    start = end + 1
  }
  return parts.join(',')
}

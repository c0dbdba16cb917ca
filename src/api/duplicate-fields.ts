/**
 * Fields that a JSON text gives twice: parsing keeps the last and says nothing. Mirrors the duplicate check of
 * `sigs.k8s.io/json`.
 */

/** `spec.containers[0].image` for every field given again, in the order of the text, each once. The text is valid JSON. */
export function duplicateFields(json: string): readonly string[] {
  // Most texts have none, and most of the rest of the work is for those that do.
  const found = new Set<string>()
  const open: Level[] = []
  TOKEN.lastIndex = 0
  for (let match = TOKEN.exec(json); match; match = TOKEN.exec(json)) {
    const token = match[0]
    const level = open.at(-1)
    switch (token[0]) {
      case '{':
        open.push({ names: new Set(), name: undefined, index: 0 })
        break
      case '[':
        open.push({ names: undefined, name: undefined, index: 0 })
        break
      case '}':
      case ']':
        open.pop()
        break
      case ',':
        if (level && !level.names) level.index++
        break
      default: {
        if (!match[1] || !level?.names) break
        level.name = JSON.parse(match[1]) as string
        if (level.names.has(level.name)) found.add(pathOf(open))
        level.names.add(level.name)
      }
    }
  }
  return [...found]
}

interface Level {
  /** Undefined in a list. */
  readonly names: Set<string> | undefined
  name: string | undefined
  index: number
}

/** Brackets, commas, names with their colon (captured) and other strings; the rest tells nothing. */
const TOKEN = /[{}[\],]|("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"/gs

function pathOf(levels: readonly Level[]): string {
  let path = ''
  for (const { names, name, index } of levels) {
    if (!names) path += `[${index}]`
    else path += path === '' ? name : `.${name}`
  }
  return path
}

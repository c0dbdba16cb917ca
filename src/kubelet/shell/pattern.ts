/** The shell's patterns (`*`, `?`, `[a-z]`), and the paths that match one. */
import type { FileSystem } from '../files/file-system.ts'

/** A piece of a pattern; what is quoted means itself. */
export interface PatternPiece {
  readonly text: string
  readonly isQuoted: boolean
}

const SPECIAL = /[.*+?^${}()|[\]\\/]/g

/** An anchored expression; a `*` takes as little as it can when `isLazy`. */
export function patternSource(pieces: readonly PatternPiece[], isLazy = false): string {
  let source = ''
  for (const { text, isQuoted } of pieces) {
    if (isQuoted) source += text.replace(SPECIAL, '\\$&')
    else source += text.replace(/\[!?[^\]]+\]|[\s\S]/g, token => tokenSource(token, isLazy))
  }
  return source
}

function tokenSource(token: string, isLazy: boolean): string {
  if (token === '*') return isLazy ? '[\\s\\S]*?' : '[\\s\\S]*'
  if (token === '?') return '[\\s\\S]'
  if (token.length > 2 && token.startsWith('[')) {
    const inner = token.slice(1, -1).replace(/\\/g, '\\\\')
    const classes = inner.replace(/\[:(\w+):/g, (_, name: string) => CLASSES[name] ?? '')
    return classes.startsWith('!') ? `[^${classes.slice(1)}]` : `[${classes}]`
  }
  return token.replace(SPECIAL, '\\$&')
}

const CLASSES: Readonly<Record<string, string>> = {
  digit: '0-9',
  alpha: 'A-Za-z',
  alnum: 'A-Za-z0-9',
  space: '\\s',
  upper: 'A-Z',
  lower: 'a-z',
}

export function matches(pieces: readonly PatternPiece[], text: string): boolean {
  return new RegExp(`^(?:${patternSource(pieces)})$`).test(text)
}

export function isPattern(pieces: readonly PatternPiece[]): boolean {
  return pieces.some(({ text, isQuoted }) => !isQuoted && /[*?[]/.test(text))
}

/** Paths that match, sorted; none where nothing does. */
export function glob(pieces: readonly PatternPiece[], files: FileSystem, directory: string): string[] {
  const steps: PatternPiece[][] = [[]]
  for (const piece of pieces) {
    for (const [i, text] of piece.text.split('/').entries()) {
      if (i > 0) steps.push([])
      steps.at(-1)!.push({ text, isQuoted: piece.isQuoted })
    }
  }
  const isAbsolute = (steps[0] ?? []).every(({ text }) => text === '') && steps.length > 1
  let paths = [isAbsolute ? '/' : '']
  for (const [i, step] of steps.entries()) {
    if (isAbsolute && i === 0) continue
    paths = paths.flatMap(path => below(path, step, files, directory))
  }
  return paths.sort()
}

function below(path: string, step: readonly PatternPiece[], files: FileSystem, directory: string): string[] {
  const text = step.map(piece => piece.text).join('')
  const join = (name: string) => (path === '' || path.endsWith('/') ? path + name : `${path}/${name}`)
  if (!isPattern(step)) {
    if (text === '') return [path]
    return files.node(absolute(join(text), directory), true).ok ? [join(text)] : []
  }
  const names = files.list(absolute(path === '' ? '.' : path, directory))
  if (!names.ok) return []
  return names.value
    .filter(name => (text.startsWith('.') || !name.startsWith('.')) && matches(step, name))
    .map(join)
}

/** A path seen from a working directory. */
export function absolute(path: string, directory: string): string {
  return path.startsWith('/') ? path : directory === '/' ? `/${path}` : `${directory}/${path}`
}

/**
 * Names of objects in expressions: `deployment/web` may stand bare, and `deployment/web progressing` is short for
 * `progressing(deployment/web)`. Both are rewritten to plain CEL, every character of which knows where it came from.
 */
import { KINDS, Scheme } from '../../api/index.ts'

export interface Rewritten {
  readonly cel: string
  /** For each character of `cel` (and one past the end) the offset in the original text. */
  readonly origins: readonly number[]
}

const SCHEME = new Scheme(KINDS)
const STRING = /^(?:r|b|br|rb)?("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')/i
const REFERENCE = /^([A-Za-z][\w.]*)((?:\/[a-z0-9](?:[-a-z0-9.:]*[a-z0-9])?){1,2})/
const WORD = /^\s+([A-Za-z]\w*)(?![\w(.])/

/** Rewrites an expression to CEL. `isQuestion` tells the words that may stand behind a name. */
export function rewriteReferences(text: string, isQuestion: (word: string) => boolean): Rewritten {
  let cel = ''
  const origins: number[] = []
  const put = (piece: string, from: number, isVerbatim: boolean) => {
    for (let i = 0; i < piece.length; i++) origins.push(isVerbatim ? from + i : from)
    cel += piece
  }
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at)
    const string = STRING.exec(rest)
    const found = string ? undefined : referenceAt(text, at)
    if (found === undefined) {
      const piece = string ? string[0] : text[at]!
      put(piece, at, true)
      at += piece.length
      continue
    }
    const word = WORD.exec(text.slice(at + found.length))
    if (word && isQuestion(word[1]!)) {
      put(`${word[1]}(${JSON.stringify(found)})`, at, false)
      at += found.length + word[0].length
    } else {
      put(JSON.stringify(found), at, false)
      at += found.length
    }
  }
  origins.push(text.length)
  return { cel, origins }
}

/** The name of an object that begins exactly here; its first word must be a kind. */
function referenceAt(text: string, at: number): string | undefined {
  if (at > 0 && /[\w.]/.test(text[at - 1]!)) return undefined
  const match = REFERENCE.exec(text.slice(at))
  return match && SCHEME.lookup(match[1]!) ? match[0] : undefined
}

/** The reverse, for people: `ready("deployment/web")` as `ready(deployment/web)`. */
export function withBareReferences(cel: string): string {
  return cel.replace(/"([A-Za-z][\w.]*(?:\/[-a-z0-9.:]+){1,2})"/g, (quoted, reference: string) =>
    referenceAt(reference, 0) === reference ? reference : quoted,
  )
}

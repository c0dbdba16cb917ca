/**
 * A command line as a shell splits it: quotes, backslashes, comments. No expansion of any kind.
 */
import { UserError } from '../sim/index.ts'

/** Splits `text` into words. Throws UserError when a quote is left open. */
export function shellWords(text: string): string[] {
  const words: string[] = []
  let word: string | undefined
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!
    if (char === "'" || char === '"') {
      const end = closingQuote(text, i)
      word = (word ?? '') + unescaped(text.slice(i + 1, end), char)
      i = end
    } else if (char === '\\' && i + 1 < text.length) {
      word = (word ?? '') + text[++i]
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (char === '#' && word === undefined) {
      break
    } else {
      word = (word ?? '') + char
    }
  }
  if (word !== undefined) words.push(word)
  return words
}

function closingQuote(text: string, open: number): number {
  const quote = text[open]!
  for (let i = open + 1; i < text.length; i++) {
    if (text[i] === '\\' && quote === '"') i++
    else if (text[i] === quote) return i
  }
  throw new UserError(`the quote ${quote} at column ${open + 1} is never closed`, {
    mend: 'Close it, or put a backslash before it.',
  })
}

function unescaped(text: string, quote: string): string {
  return quote === '"' ? text.replace(/\\(["\\$`])/g, '$1') : text
}

/** How long a person looks at something before the lesson goes on by itself. */

const WORD_MS = 240
const LEAST_MS = 1500
const MOST_MS = 25_000
const OUTPUT_LEAST_MS = 1200
const OUTPUT_LINE_MS = 250
const OUTPUT_MOST_MS = 5000

/** Real ms at 1x to read prose, proportional to its length. */
export function readingMs(text: string): number {
  const words = text.split(/\s+/).filter(word => word !== '').length
  return clamp(words * WORD_MS, LEAST_MS, MOST_MS)
}

/** Real ms at 1x to take in what a command printed. */
export function outputMs(output: string): number {
  return clamp(OUTPUT_LEAST_MS + output.split('\n').length * OUTPUT_LINE_MS, OUTPUT_LEAST_MS, OUTPUT_MOST_MS)
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}

/** The lessons that come with the package. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const DEMONSTRATION = '06-rolling-update.md'

/** The lesson that plays when nothing else is asked for. */
export function demonstrationLesson(): string {
  // One folder up from the bundle, two from the source.
  const places = ['../lessons/', '../../lessons/'].map(folder =>
    fileURLToPath(new URL(folder + DEMONSTRATION, import.meta.url)),
  )
  return places.find(existsSync) ?? places[0]!
}

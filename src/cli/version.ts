/** The package's version, read where the package is installed. */
import { readFileSync } from 'node:fs'

/** `0.1.0`. The file lies one folder up from the bundle, two from the source. */
export function version(): string {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as {
        name: string
        version: string
      }
      if (name === 'kubarium') return version
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  return 'unknown'
}

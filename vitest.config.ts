import { existsSync } from 'node:fs'
import { configDefaults, defineConfig } from 'vitest/config'

// Manifests and recordings that others published; they are not part of this repository.
const hasPublished = existsSync(new URL('../shared/manifests', import.meta.url))

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'test/**/*.test.{ts,tsx}'],
    exclude: [...configDefaults.exclude, ...(hasPublished ? [] : ['test/published/**'])],
    maxWorkers: 2,
    testTimeout: 60_000,
  },
})

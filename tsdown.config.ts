import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: { index: 'src/index.ts', kubarium: 'src/cli/kubarium.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20',
  dts: { entry: ['src/index.ts'] },
  clean: true,
  fixedExtension: false,
  // Bundled, a short run starts in half the time; outside stay the terminal UI, which loads by itself, and cel-js, whose
  // modules import each other in circles.
  noExternal: ['commander', 'yaml', 'xstate', 'immer', 'uuid', /^pure-rand/],
})

import { defineConfig } from 'tsdown'

const NOTHING = '\0nothing'
const common = {
  platform: 'node' as const,
  target: 'node20',
  clean: true,
  fixedExtension: false,
  plugins: [
    {
      // Commander starts other programs for subcommands that are programs of their own; there are none here, and
      // loading what it takes costs a start a twentieth.
      name: 'no-child-process',
      resolveId: (id: string, importer: string | undefined) =>
        id === 'node:child_process' && importer?.includes('/commander/') ? NOTHING : undefined,
      load: (id: string) => (id === NOTHING ? 'export {}' : undefined),
    },
  ],
}

/** Bundled, a short run starts in half the time. Outside stays the terminal UI, which loads by itself. */
const BUNDLED = ['commander', 'yaml', 'xstate', 'immer', 'uuid', /^pure-rand/]

export default defineConfig([
  {
    ...common,
    entry: { index: 'src/index.ts', kubarium: 'src/cli/start.ts' },
    format: 'esm',
    dts: { entry: ['src/index.ts'] },
    // cel-js cannot be cut into chunks, because its modules import each other in circles.
    noExternal: BUNDLED,
  },
  {
    // The same program again, for scripts/compile-program.ts.
    ...common,
    entry: { kubarium: 'src/cli/kubarium.ts' },
    outDir: 'dist/program',
    dts: false,
    format: 'cjs',
    outExtensions: () => ({ js: '.cjs' }),
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
    noExternal: [...BUNDLED, /^@marcbachmann\/cel-js/],
  },
])

/**
 * The package as somebody who installs it gets it: what `npm pack` makes of the build (`npm run build`), unpacked
 * into an empty folder's node_modules with its dependencies beside it, used by plain Node.
 */
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CompiledScripts } from '../../src/cli/compiled-program.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

describe('the package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubarium-'))
  const installed = join(folder, 'node_modules', 'kubarium')

  beforeAll(() => {
    run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], ROOT)
    const archive = readdirSync(folder).find(name => name.endsWith('.tgz'))!
    mkdirSync(installed, { recursive: true })
    run('tar', ['-xzf', join(folder, archive), '-C', installed, '--strip-components=1'], folder)
    const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>
    }
    for (const name of Object.keys(dependencies)) {
      const link = join(folder, 'node_modules', name)
      mkdirSync(dirname(link), { recursive: true })
      symlinkSync(join(ROOT, 'node_modules', name), link)
    }
  }, 60_000)

  afterAll(() => rmSync(folder, { recursive: true }))

  test('holds the build, its types and the lessons, and no sources', () => {
    expect(existsSync(join(installed, 'dist/index.js'))).toBe(true)
    expect(existsSync(join(installed, 'dist/index.d.ts'))).toBe(true)
    expect(readdirSync(join(installed, 'lessons')).length).toBeGreaterThanOrEqual(9)
    expect(existsSync(join(installed, 'src'))).toBe(false)
  })

  test('is imported by plain Node', () => {
    const program = `
      import { Cluster } from 'kubarium'
      const cluster = Cluster.create({ nodes: 2, seed: 7 })
      cluster.kubectl('create deployment web --image=nginx --replicas=2')
      const isReady = () => cluster.get('deployment', 'web').status?.readyReplicas === 2
      console.log(cluster.runUntil(isReady, { within: '2m' }), cluster.list('pods').length)
    `
    writeFileSync(join(folder, 'program.mjs'), program)
    expect(run(process.execPath, ['program.mjs'], folder)).toBe('true 2\n')
  })

  test('brings a command that works from an empty folder', () => {
    const empty = join(folder, 'empty')
    mkdirSync(empty)
    const command = join(installed, 'dist/kubarium.js')
    writeFileSync(
      join(folder, 'lesson.md'),
      '```console\n$ kubectl get nodes -o name\nnode/node-1\nnode/node-2\nnode/node-3\n```\n',
    )
    const output = run(process.execPath, [command, 'run', join(folder, 'lesson.md')], empty)
    expect(output.trimEnd().split('\n').at(-1)).toMatch(
      /^trace sha256:[0-9a-f]{64} events:\d+ virtual:\S+ wall:\S+$/,
    )
    expect(readdirSync(empty)).toEqual([])
  })
})

describe('the compiled program', () => {
  const program = join(ROOT, 'dist/program')
  const scripts = readdirSync(program).filter(name => name.endsWith('.cjs'))

  test('has code that this Node takes for what a lesson and a server need', () => {
    const compiled = new CompiledScripts(program)
    const isReady = new Map(
      scripts.map(name => [name.replace(/-[\w-]{8}\.cjs$/, ''), compiled.compile(name).isReady]),
    )
    for (const name of ['kubarium.cjs', 'api', 'cluster', 'run', 'serve']) {
      expect([name, isReady.get(name)]).toEqual([name, true])
    }
  })

  test('gives way to the module, with the same run, where its code is not taken', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kubarium-'))
    const lesson = join(folder, 'lesson.md')
    writeFileSync(lesson, '```console\n$ kubectl get nodes -o name\n...\n```\n')
    const command = [join(ROOT, 'dist/kubarium.js'), 'run', lesson]
    const lineOf = (...flags: string[]) =>
      run(process.execPath, [...flags, ...command], folder).replace(/wall:.*/, '')
    // Another set of V8's flags makes it another V8 in its own eyes.
    expect(lineOf('--no-opt')).toBe(lineOf())
    rmSync(folder, { recursive: true })
  })
})

function run(command: string, words: readonly string[], folder: string): string {
  return execFileSync(command, words, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
}

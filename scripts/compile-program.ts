/**
 * The last step of the build: makes plain scripts of `dist/program`, runs the program once over the lessons and once
 * as a server, and keeps V8's code for every function that was called. A start with it parses and compiles nothing
 * (docs/decisions/0012-a-short-run-is-short.md).
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { CompiledScripts, codeFile } from '../src/cli/compiled-program.ts'
import { ENGINE_FLAGS } from '../src/cli/engine.ts'

const FOLDER = fileURLToPath(new URL('../dist/program', import.meta.url))
const LESSONS = fileURLToPath(new URL('../lessons', import.meta.url))
const SERVE_LIMIT_MS = 300_000
/** What a served cluster is asked, so that the way of a request is compiled. */
const PATHS = ['/version', '/api', '/apis', '/api/v1/nodes', '/api/v1/pods?watch=1&timeoutSeconds=1']

for (const name of readdirSync(FOLDER)) makeScript(join(FOLDER, name))
// Code that rests for a while would be dropped.
setFlagsFromString('--no-flush-bytecode')
const scripts = new CompiledScripts(FOLDER)
const temporary = mkdtempSync(join(tmpdir(), 'kubarium-'))
const lessons = readdirSync(LESSONS)
  .filter(name => name.endsWith('.md'))
  .map(name => join(LESSONS, name))

start('run', '--quiet', ...lessons)
process.once('beforeExit', () => {
  const kubeconfig = join(temporary, 'kubeconfig')
  start('serve', '--port', '0', '--kubeconfig', kubeconfig)
  void visit(kubeconfig).then(() => {
    process.once('beforeExit', keep)
    process.emit('SIGTERM')
  })
})

/** A script evaluates to CommonJS's wrapper and holds ASCII only, so that it is read and kept byte by byte. */
function makeScript(file: string): void {
  const ascii = readFileSync(file, 'utf8').replace(
    /[^\0-\x7f]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  writeFileSync(file, `(function(exports,require,module,__filename,__dirname){${ascii}\n})`)
}

function start(...words: string[]): void {
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...words)
  scripts.run('kubarium.cjs')
}

/** Waits for the server and asks it this and that, as nobody in particular. */
async function visit(kubeconfig: string): Promise<void> {
  const deadlineMs = performance.now() + SERVE_LIMIT_MS
  while (!existsSync(kubeconfig)) {
    if (performance.now() > deadlineMs) throw new Error('the server did not start')
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  const url = /server: (\S+)/.exec(readFileSync(kubeconfig, 'utf8'))![1]!
  for (const path of PATHS) {
    await new Promise((resolve, reject) => {
      get(url + path, { rejectUnauthorized: false, agent: false }, response =>
        response.resume().on('end', resolve),
      ).on('error', reject)
    })
  }
}

function keep(): void {
  rmSync(temporary, { recursive: true })
  // The flags of a start, whatever the program has set since.
  const help = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' })
  for (const flag of [...ENGINE_FLAGS, '--no-flush-bytecode']) setFlagsFromString(usual(flag, help))
  for (const { file, script } of scripts.compiled) writeFileSync(codeFile(file), script.createCachedData())
}

/** What a flag is when nobody sets it: V8's help tells numbers, and what is switched off was on. */
function usual(flag: string, help: string): string {
  const [name] = flag.split('=')
  if (name!.startsWith('--no-')) return `--${name!.slice('--no-'.length)}`
  const found = new RegExp(`default: (${name}=\\d+)`).exec(help)
  if (!found) throw new Error(`this Node has no flag ${name}`)
  return found[1]!
}

/**
 * The program as the build has compiled it: `dist/program` holds it once more as plain scripts, each with V8's own
 * code for it beside it, so that a start parses nothing. Made by scripts/compile-program.ts.
 *
 * Node's modules are asked for by `require`: importing `node:fs` alone loads all of Node's streams.
 */
import { createRequire } from 'node:module'
import type { Script } from 'node:vm'

type Require = (id: string) => unknown
/** What a script evaluates to: CommonJS's wrapper. */
type Body = (
  exports: object,
  require: Require,
  module: { exports: object },
  file: string,
  folder: string,
) => void

/** One script with its code. */
export interface Compiled {
  readonly file: string
  readonly script: Script
  /** It has V8's code for this Node. */
  readonly isReady: boolean
}

const require = createRequire(import.meta.url)
const { existsSync, readFileSync } = require('node:fs') as typeof import('node:fs')
const { join } = require('node:path') as typeof import('node:path')

const ENTRY = 'kubarium.cjs'

/** Where a script's code for this Node lies; any other Node's is of no use. */
export function codeFile(scriptFile: string): string {
  return `${scriptFile}.${process.version}-${process.platform}-${process.arch}`
}

/** Starts the program. False, with nothing done, where there is no code for this Node. */
export function startCompiled(folder: string): boolean {
  if (!existsSync(codeFile(join(folder, ENTRY)))) return false
  const scripts = new CompiledScripts(folder)
  if (!scripts.compile(ENTRY).isReady) return false
  scripts.run(ENTRY)
  return true
}

/** The scripts of one folder, which find each other by `require`. */
export class CompiledScripts {
  readonly #folder: string
  readonly #compiled = new Map<string, Compiled>()
  readonly #modules = new Map<string, { exports: object }>()

  constructor(folder: string) {
    this.#folder = folder
  }

  get compiled(): readonly Compiled[] {
    return [...this.#compiled.values()]
  }

  /** Compiles a script, or takes its code from beside it. */
  compile(name: string): Compiled {
    const known = this.#compiled.get(name)
    if (known) return known
    const { Script } = require('node:vm') as typeof import('node:vm')
    const file = join(this.#folder, name)
    const cachedData = existsSync(codeFile(file)) ? readFileSync(codeFile(file)) : undefined
    // They hold ASCII only, which is read three times as fast as UTF-8.
    const script = new Script(readFileSync(file, 'latin1'), { filename: file, cachedData })
    const compiled = { file, script, isReady: cachedData !== undefined && !script.cachedDataRejected }
    this.#compiled.set(name, compiled)
    return compiled
  }

  /** Runs a script, whether it has run before or not, and gives what it exports. */
  run(name: string): object {
    const { file, script } = this.compile(name)
    const module = { exports: {} }
    this.#modules.set(name, module)
    const body = script.runInThisContext() as Body
    body(module.exports, id => this.#require(id), module, file, this.#folder)
    return module.exports
  }

  #require(id: string): unknown {
    if (!id.startsWith('./')) return require(id)
    const name = id.slice(2)
    return this.#modules.get(name)?.exports ?? this.run(name)
  }
}

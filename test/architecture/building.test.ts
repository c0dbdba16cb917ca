/**
 * The building of docs/ARCHITECTURE.md, enforced: who may import whom, what must not be called where, and which
 * lists must be complete.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const SOURCE = join(ROOT, 'src')

/** Rooms by floor; a room may import lower floors, and its neighbours only where a staircase says so. */
const FLOOR: Readonly<Record<string, number>> = {
  sim: 0,
  api: 1,
  client: 2,
  etcd: 3,
  apiserver: 3,
  scheduler: 3,
  controllers: 3,
  kubelet: 3,
  network: 3,
  kubectl: 3,
  cluster: 4,
  scenario: 5,
  server: 5,
  cli: 6,
}
const STAIRCASES = new Set(['apiserver -> etcd'])

/** The rooms that deal with the real world: sockets, files, the wall clock. */
const FRONT_ENDS: ReadonlySet<string> = new Set(['server', 'cli'])

/** Packages that only some rooms may import (type-only imports are free). */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  ink: ['cli'],
  react: ['cli'],
  'fullscreen-ink': ['cli'],
  commander: ['cli'],
  xstate: ['kubelet', 'etcd'],
  yaml: ['api', 'scenario', 'kubectl'],
  '@peculiar/x509': ['server'],
  'reflect-metadata': ['server'],
  ws: ['server'],
  'dns-packet': ['server'],
  'prom-client': ['server'],
  '@marcbachmann/cel-js': ['scenario', 'api'],
}

interface Import {
  readonly from: string
  readonly specifier: string
  readonly isTypeOnly: boolean
}

interface SourceFile {
  /** Relative to src, with forward slashes. */
  readonly path: string
  readonly room: string
  readonly text: string
  readonly imports: readonly Import[]
  readonly syntax: ts.SourceFile
}

const files = walk(SOURCE).map(readSource)
const production = files.filter(file => !/\.(test|testing)\.tsx?$/.test(file.path))

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap(name => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return walk(path)
    return /\.tsx?$/.test(name) && !name.includes('.generated.') ? [path] : []
  })
}

function readSource(path: string): SourceFile {
  const text = readFileSync(path, 'utf8')
  const syntax = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const imports: Import[] = []
  for (const statement of syntax.statements) {
    const isImport = ts.isImportDeclaration(statement)
    if (!isImport && !ts.isExportDeclaration(statement)) continue
    const { moduleSpecifier } = statement
    if (!moduleSpecifier || !ts.isStringLiteral(moduleSpecifier)) continue
    const isTypeOnly = isImport
      ? statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      : statement.isTypeOnly
    imports.push({ from: relative(SOURCE, path), specifier: moduleSpecifier.text, isTypeOnly })
  }
  visit(syntax, node => {
    if (!ts.isCallExpression(node) || node.expression.kind !== ts.SyntaxKind.ImportKeyword) return
    const [argument] = node.arguments
    if (!argument || !ts.isStringLiteral(argument)) return
    imports.push({ from: relative(SOURCE, path), specifier: argument.text, isTypeOnly: false })
  })
  const short = relative(SOURCE, path).replaceAll('\\', '/')
  const room = short.includes('/') ? short.split('/')[0]! : ''
  return { path: short, room, text, imports, syntax }
}

/** The file that a relative import means, relative to src. */
function resolve(file: SourceFile, specifier: string): string {
  return relative(SOURCE, join(SOURCE, file.path, '..', specifier)).replaceAll('\\', '/')
}

describe('the building', () => {
  test('was really read', () => {
    expect(production.length).toBeGreaterThan(100)
    expect(new Set(production.map(file => file.room))).toEqual(new Set([...Object.keys(FLOOR), '']))
  })

  test('a room looks down, never up or sideways', () => {
    const wrong: string[] = []
    for (const file of files) {
      if (file.room === '') continue
      for (const { specifier } of file.imports) {
        if (!specifier.startsWith('.')) continue
        const target = resolve(file, specifier).split('/')[0]!
        if (target === file.room || FLOOR[target]! < FLOOR[file.room]!) continue
        if (!STAIRCASES.has(`${file.room} -> ${target}`)) wrong.push(`${file.path} imports ${specifier}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test('components are entered by their index', () => {
    const wrong: string[] = []
    for (const file of files) {
      for (const { specifier } of file.imports) {
        if (!specifier.startsWith('.')) continue
        const target = resolve(file, specifier)
        const room = target.split('/')[0]!
        if (room === file.room || FLOOR[room]! < 2 || target === `${room}/index.ts`) continue
        wrong.push(`${file.path} imports ${specifier}; use ${room}/index.ts`)
      }
    }
    expect(wrong).toEqual([])
  })

  test('there are no import cycles', () => {
    const graph = new Map(
      production.map(file => [
        file.path,
        file.imports
          .filter(({ specifier, isTypeOnly }) => specifier.startsWith('.') && !isTypeOnly)
          .map(({ specifier }) => resolve(file, specifier)),
      ]),
    )
    expect(cycles(graph)).toEqual([])
  })

  test('only the rooms that own a package import it', () => {
    const wrong: string[] = []
    for (const file of production) {
      for (const { specifier, isTypeOnly } of file.imports) {
        if (specifier.startsWith('.') || isTypeOnly) continue
        const name = specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/')
        const owners = PACKAGES[name]
        if (owners && !owners.includes(file.room)) wrong.push(`${file.path} imports ${specifier}`)
        if (specifier.startsWith('node:') && !FRONT_ENDS.has(file.room))
          wrong.push(`${file.path} imports ${specifier}`)
      }
    }
    expect(wrong).toEqual([])
  })
})

/** Calls that would let the outside in, and what to use instead. */
const BANNED: readonly (readonly [RegExp, string])[] = [
  [/^Date\.now$/, 'scope.sim.now'],
  [/^Math\.random$/, "sim.random('component')"],
  [/^(setTimeout|setInterval|setImmediate|queueMicrotask)$/, 'scope.schedule'],
  [/^performance\.now$/, 'scope.sim.now'],
  [/^crypto\./, "sim.random('component').bytes16()"],
  [
    /^process\.(env|exit|argv|stdout|stderr|hrtime|nextTick|cwd|on|memoryUsage|cpuUsage)\b/,
    'a port that the cli implements',
  ],
  [/^console\./, 'a trace record or a returned value'],
  [/^fetch$/, 'an ApiPort'],
]

describe('below the front ends', () => {
  const core = production.filter(file => !FRONT_ENDS.has(file.room) && file.room !== '')

  test('nothing waits for the real world or draws unseeded chance', () => {
    const wrong: string[] = []
    for (const file of core) {
      visit(file.syntax, node => {
        if (ts.isCallExpression(node)) {
          const callee = node.expression.getText()
          for (const [pattern, instead] of BANNED) {
            if (pattern.test(callee) && !isOwnName(node, callee.split('.')[0]!))
              wrong.push(`${file.path}: ${callee}; use ${instead}`)
          }
        }
        if (ts.isNewExpression(node)) {
          const made = node.expression.getText()
          if (made === 'Date' && !node.arguments?.length) wrong.push(`${file.path}: new Date(); use sim.now`)
          if (made === 'Promise') wrong.push(`${file.path}: new Promise; use a process`)
        }
        if (node.kind === ts.SyntaxKind.AsyncKeyword || ts.isAwaitExpression(node)) {
          wrong.push(`${file.path}: async; use a process (function*)`)
        }
      })
    }
    expect(wrong).toEqual([])
  })
})

describe('style', () => {
  test('no file is over 500 lines', () => {
    const long = files.filter(file => file.text.split('\n').length > 501).map(file => file.path)
    expect(long).toEqual([])
  })

  test('a file opens by saying what it is for', () => {
    const silent = production.filter(file => !/^(#!.*\n)?\s*\/\*\*/.test(file.text)).map(file => file.path)
    expect(silent).toEqual([])
  })

  test('file names are kebab-case', () => {
    const wrong = files
      .map(file => file.path.split('/').at(-1)!)
      .filter(name => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.tsx?$/.test(name))
    expect(wrong).toEqual([])
  })
})

/** Folders whose list is written by hand: every sibling must be named in it. */
const LISTS: readonly { readonly folder: string; readonly list: string }[] = [
  { folder: 'api/kinds', list: 'api/kinds/index.ts' },
  { folder: 'api/constants', list: 'api/constants/index.ts' },
  { folder: 'controllers', list: 'controllers/index.ts' },
  { folder: 'scheduler/plugins', list: 'scheduler/plugins/index.ts' },
  { folder: 'apiserver/admission', list: 'apiserver/admission/index.ts' },
  { folder: 'kubelet/images', list: 'kubelet/images/index.ts' },
  { folder: 'kubectl/commands', list: 'kubectl/commands/index.ts' },
  { folder: 'scenario/verbs', list: 'scenario/verbs/index.ts' },
]

describe('lists written by hand', () => {
  test.each(LISTS)('$list names every sibling', ({ folder, list }) => {
    const text = readFileSync(join(SOURCE, list), 'utf8')
    const siblings = readdirSync(join(SOURCE, folder)).filter(
      name => name !== 'shared' && !/^index\.|\.test\.|\.testing\./.test(name),
    )
    expect(siblings.length).toBeGreaterThan(3)
    expect(siblings.filter(name => !text.includes(`./${name}`))).toEqual([])
  })
})

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node)
  node.forEachChild(child => visit(child, see))
}

/** Whether an enclosing function has a parameter or variable of that name: then it is not the global one. */
function isOwnName(node: ts.Node, name: string): boolean {
  for (let at: ts.Node | undefined = node; at; at = at.parent) {
    const declared = ts.isFunctionLike(at) ? at.parameters : ts.isBlock(at) ? variablesOf(at) : []
    if (declared.some(({ name: binding }) => bindingNames(binding).includes(name))) return true
  }
  return false
}

function variablesOf(block: ts.Block): ts.VariableDeclaration[] {
  return block.statements.filter(ts.isVariableStatement).flatMap(one => [...one.declarationList.declarations])
}

function bindingNames(binding: ts.BindingName): string[] {
  if (ts.isIdentifier(binding)) return [binding.text]
  return binding.elements.flatMap(element =>
    ts.isOmittedExpression(element) ? [] : bindingNames(element.name),
  )
}

/** The import cycles of a graph, each as a path, found depth first. */
function cycles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = []
  const state = new Map<string, 'open' | 'closed'>()
  const path: string[] = []
  const enter = (file: string): void => {
    if (state.get(file) === 'closed') return
    if (state.get(file) === 'open') {
      found.push([...path.slice(path.indexOf(file)), file].join(' -> '))
      return
    }
    state.set(file, 'open')
    path.push(file)
    for (const next of graph.get(file) ?? []) enter(next)
    path.pop()
    state.set(file, 'closed')
  }
  for (const file of graph.keys()) enter(file)
  return found
}

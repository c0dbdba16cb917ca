/** `ls` (-l, -a, -A, -1, -d, -h, -R, -F) and `stat`: what is in directories. */
import type { TreeNode } from '../files/tree.ts'
import { byteLength } from '../io/bytes.ts'
import type { ContainerProcess, Program } from '../program.ts'
import { human } from './files.ts'
import { complain, pathOf, readOptions } from './support.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

export const ls: Program = function* (process) {
  const { flags, operands } = readOptions(process.argv.slice(1))
  let code = 0
  const files: [string, TreeNode][] = []
  const directories: string[] = []
  for (const path of operands.length > 0 ? operands : ['.']) {
    const found = process.files.node(pathOf(process, path), flags.has('l') && !path.endsWith('/'))
    if (!found.ok) code = complain(process, `${path}: ${found.error}`)
    else if (found.value.type === 'directory' && !flags.has('d')) directories.push(path)
    else files.push([path, found.value])
  }
  show(process, files, flags)
  const isNamed = directories.length + files.length > 1 || flags.has('R')
  for (const [i, path] of directories.entries()) {
    if (isNamed) process.stdout.write(`${i > 0 || files.length > 0 ? '\n' : ''}${path}:\n`)
    list(process, path, flags)
  }
  return code
}

function list(process: ContainerProcess, path: string, flags: ReadonlySet<string>): void {
  const where = pathOf(process, path)
  const names = process.files.list(where)
  if (!names.ok) return
  const hasHidden = flags.has('a') || flags.has('A')
  const shown = names.value.filter(name => hasHidden || !name.startsWith('.'))
  if (flags.has('a')) shown.unshift('.', '..')
  if (flags.has('r')) shown.reverse()
  const entries: [string, TreeNode][] = []
  for (const name of shown) {
    const found = process.files.node(`${where}/${name}`, true)
    if (found.ok) entries.push([name, found.value])
  }
  if (flags.has('t')) entries.sort(([, a], [, b]) => b.changedMs - a.changedMs)
  if (flags.has('l'))
    process.stdout.write(`total ${entries.reduce((sum, [, node]) => sum + blocks(node), 0)}\n`)
  show(process, entries, flags)
  if (!flags.has('R')) return
  for (const [name, node] of entries) {
    if (node.type !== 'directory' || name === '.' || name === '..') continue
    const below = path.endsWith('/') ? path + name : `${path}/${name}`
    process.stdout.write(`\n${below}:\n`)
    list(process, below, flags)
  }
}

function show(
  process: ContainerProcess,
  entries: readonly [string, TreeNode][],
  flags: ReadonlySet<string>,
): void {
  if (entries.length === 0) return
  const names = entries.map(([name, node]) => (flags.has('F') || flags.has('p') ? name + mark(node) : name))
  if (!flags.has('l')) {
    const separator = process.isTty && !flags.has('1') ? '  ' : '\n'
    process.stdout.write(`${names.join(separator)}\n`)
    return
  }
  for (const [i, [, node]] of entries.entries()) {
    const size = flags.has('h') ? human(sizeOf(node)) : String(sizeOf(node))
    const target = node.type === 'link' ? ` -> ${node.target}` : ''
    const links = node.type === 'directory' ? 2 : 1
    process.stdout.write(
      `${modeText(node)} ${String(links).padStart(4)} root     root     ${size.padStart(9)} ${dateText(node.changedMs)} ${names[i]}${target}\n`,
    )
  }
}

function mark(node: TreeNode): string {
  if (node.type === 'directory') return '/'
  return node.type === 'link' ? '@' : (node.mode & 0o111) !== 0 ? '*' : ''
}

function sizeOf(node: TreeNode): number {
  if (node.type === 'file') return byteLength(node.content)
  return node.type === 'directory' ? 4096 : node.type === 'link' ? node.target.length : 0
}

function blocks(node: TreeNode): number {
  return node.type === 'file' || node.type === 'directory' ? Math.ceil(sizeOf(node) / 4096) * 4 : 0
}

function modeText({ type, mode }: TreeNode): string {
  const bits = (shift: number) => {
    const three = (mode >> shift) & 7
    return `${three & 4 ? 'r' : '-'}${three & 2 ? 'w' : '-'}${three & 1 ? 'x' : '-'}`
  }
  const others = mode & 0o1000 ? `${bits(0).slice(0, 2)}t` : bits(0)
  return `${{ file: '-', directory: 'd', link: 'l', device: 'c' }[type]}${bits(6)}${bits(3)}${others}`
}

function dateText(ms: number): string {
  const date = new Date(ms)
  const time = date.toISOString().slice(11, 16)
  return `${MONTHS[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)} ${time}`
}

export const stat: Program = function* (process) {
  const { values, operands } = readOptions(process.argv.slice(1), 'c')
  let code = 0
  for (const path of operands) {
    const found = process.files.node(pathOf(process, path), true)
    if (!found.ok) {
      code = complain(process, `can't stat '${path}': ${found.error}`)
      continue
    }
    const node = found.value
    const mode = (node.mode & 0o7777).toString(8)
    const format = values.get('c')
    const facts: Readonly<Record<string, string>> = {
      n: path,
      s: String(sizeOf(node)),
      a: mode,
      A: modeText(node),
      U: 'root',
      G: 'root',
      u: '0',
      g: '0',
      Y: String(Math.floor(node.changedMs / 1000)),
      F: node.type === 'file' ? 'regular file' : node.type === 'link' ? 'symbolic link' : node.type,
    }
    if (format !== undefined) {
      process.stdout.write(`${format.replace(/%(.)/g, (whole, letter: string) => facts[letter] ?? whole)}\n`)
      continue
    }
    const when = new Date(node.changedMs).toISOString().replace('T', ' ').replace('Z', '000000 +0000')
    process.stdout.write(
      `  File: ${path}\n  Size: ${facts.s!.padEnd(10)}\tBlocks: ${blocks(node) * 2}          IO Block: 4096   ${facts.F}\nAccess: (${mode.padStart(4, '0')}/${facts.A})  Uid: (    0/    root)   Gid: (    0/    root)\nModify: ${when}\n`,
    )
  }
  return code
}

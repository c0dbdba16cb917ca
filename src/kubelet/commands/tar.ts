/** `tar`: creates, lists and extracts ustar archives on standard input and output or in files; what `kubectl cp` needs. */

import type { TreeNode } from '../files/tree.ts'
import { fromBytes, toBytes } from '../io/bytes.ts'
import { readAll } from '../io/streams.ts'
import type { ContainerProcess, Program } from '../program.ts'
import { complain, pathOf, readOptions } from './support.ts'

const BLOCK = 512

export const tar: Program = function* (process) {
  // The first word may come without its dash.
  const [first = '', ...more] = process.argv.slice(1)
  const words = first.startsWith('-') ? [first, ...more] : [`-${first}`, ...more]
  const { flags, values, operands } = readOptions(words, 'fCT', ['directory', 'file'])
  const directory = values.get('C') ?? values.get('directory')
  const at = directory === undefined ? process : { ...process, workingDirectory: pathOf(process, directory) }
  const file = values.get('f') ?? '-'
  if (flags.has('c')) {
    const blocks: Uint8Array[] = []
    let code = 0
    for (const path of operands)
      if (!pack(at, path, blocks)) code = complain(process, `${path}: No such file or directory`)
    blocks.push(new Uint8Array(BLOCK * 2))
    const text = blocks.map(fromBytes).join('')
    if (file === '-') process.stdout.write(text)
    else process.files.write(pathOf(process, file), text)
    return code
  }
  const archive =
    file === '-'
      ? { ok: true as const, value: yield* readAll(process.stdin) }
      : process.files.read(pathOf(process, file))
  if (!archive.ok) return complain(process, `can't open '${file}': ${archive.error}`)
  return unpack(at, toBytes(archive.value), flags)
}

function pack(process: ContainerProcess, path: string, blocks: Uint8Array[]): boolean {
  const found = process.files.node(pathOf(process, path), true)
  if (!found.ok) return false
  const node = found.value
  const name = path.replace(/^\/+/, '') || '.'
  if (node.type === 'device') return true
  if (node.type === 'directory') {
    blocks.push(header(`${name}/`, node, 0))
    for (const child of [...node.entries.keys()].sort())
      pack(process, `${path.replace(/\/$/, '')}/${child}`, blocks)
    return true
  }
  const content = node.type === 'file' ? toBytes(node.content) : new Uint8Array()
  blocks.push(header(name, node, content.length))
  if (content.length > 0) {
    const padded = new Uint8Array(Math.ceil(content.length / BLOCK) * BLOCK)
    padded.set(content)
    blocks.push(padded)
  }
  return true
}

function header(name: string, node: Exclude<TreeNode, { type: 'device' }>, size: number): Uint8Array {
  const bytes = new Uint8Array(BLOCK)
  const put = (at: number, text: string) => bytes.set(toBytes(text), at)
  const octal = (at: number, value: number, width: number) =>
    put(at, `${value.toString(8).padStart(width - 1, '0')}\0`)
  const encoded = toBytes(name)
  if (encoded.length <= 100) bytes.set(encoded, 0)
  else {
    // Longer names are split at a slash.
    const cut = name.indexOf('/', name.length - 101)
    put(345, name.slice(0, cut))
    put(0, name.slice(cut + 1).slice(0, 100))
  }
  octal(100, node.mode & 0o7777, 8)
  octal(108, 0, 8)
  octal(116, 0, 8)
  octal(124, size, 12)
  octal(136, Math.max(0, Math.floor(node.changedMs / 1000)), 12)
  put(148, '        ')
  put(156, node.type === 'directory' ? '5' : node.type === 'link' ? '2' : '0')
  if (node.type === 'link') put(157, node.target.slice(0, 100))
  put(257, 'ustar\x0000')
  put(265, 'root')
  put(297, 'root')
  const sum = bytes.reduce((total, byte) => total + byte, 0)
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `)
  return bytes
}

function unpack(process: ContainerProcess, archive: Uint8Array, flags: ReadonlySet<string>): number {
  let longName: string | undefined
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const block = archive.subarray(at, at + BLOCK)
    if (block.every(byte => byte === 0)) break
    const text = (from: number, length: number) =>
      fromBytes(block.subarray(from, from + length)).split('\0')[0]!
    if (text(257, 5) !== 'ustar') return complain(process, 'invalid tar magic')
    const size = Number.parseInt(text(124, 12).trim() || '0', 8)
    const body = archive.subarray(at + BLOCK, at + BLOCK + size)
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
    const type = text(156, 1) || '0'
    if (type === 'L') longName = fromBytes(body).replace(/\0+$/, '')
    if (type === 'x') longName = /(?:^|\n)\d+ path=(.*)\n/.exec(fromBytes(body))?.[1] ?? longName
    if (type === 'L' || type === 'x' || type === 'g') continue
    const prefix = text(345, 155)
    const name = longName ?? (prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`)
    longName = undefined
    if (flags.has('t')) {
      process.stdout.write(`${name}\n`)
      continue
    }
    if (flags.has('v')) process.stderr.write(`${name}\n`)
    const why = place(process, name, type, body, text(157, 100), Number.parseInt(text(100, 8), 8), flags)
    if (why !== undefined) return complain(process, `can't open '${name}': ${why}`)
  }
  return 0
}

function place(
  process: ContainerProcess,
  name: string,
  type: string,
  body: Uint8Array,
  target: string,
  mode: number,
  flags: ReadonlySet<string>,
): string | undefined {
  const path = pathOf(process, name.replace(/\/+$/, ''))
  if (flags.has('O')) {
    process.stdout.write(fromBytes(body))
    return undefined
  }
  const parent = process.files.makeDirectory(type === '5' ? path : path.replace(/\/[^/]*$/, '') || '/', true)
  if (!parent.ok && parent.error !== 'File exists') return parent.error
  if (type === '5') return undefined
  if (type === '2') {
    process.files.remove(path)
    const made = process.files.makeLink(target, path)
    return made.ok ? undefined : made.error
  }
  const written = process.files.write(path, fromBytes(body))
  if (!written.ok) return written.error
  written.value.mode = mode || 0o644
  return undefined
}

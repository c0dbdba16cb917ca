/** `touch`, `mkdir`, `rmdir`, `rm`, `cp`, `mv`, `ln`, `readlink`, `chmod`, `find`, `du`, `df`, `pwd`, `mktemp`. */
import type { FileSystem } from '../files/file-system.ts'
import { byteLength } from '../io/bytes.ts'
import type { ContainerProcess, Program } from '../program.ts'
import { complain, pathOf, readOptions } from './support.ts'

export const touch: Program = function* (process) {
  let code = 0
  for (const path of readOptions(process.argv.slice(1), 'dtr').operands) {
    const touched = process.files.touch(pathOf(process, path))
    if (!touched.ok) code = complain(process, `${path}: ${touched.error}`)
  }
  return code
}

export const mkdir: Program = function* (process) {
  const { flags, operands } = readOptions(process.argv.slice(1), 'm')
  let code = 0
  for (const path of operands) {
    const made = process.files.makeDirectory(pathOf(process, path), flags.has('p'))
    if (!made.ok) code = complain(process, `can't create directory '${path}': ${made.error}`)
  }
  return code
}

export const rmdir: Program = function* (process) {
  let code = 0
  for (const path of readOptions(process.argv.slice(1)).operands) {
    const removed = process.files.remove(pathOf(process, path))
    if (!removed.ok) code = complain(process, `'${path}': ${removed.error}`)
  }
  return code
}

export const rm: Program = function* (process) {
  const { flags, operands } = readOptions(process.argv.slice(1))
  const isRecursive = flags.has('r') || flags.has('R')
  let code = 0
  for (const path of operands) {
    const where = pathOf(process, path)
    const found = process.files.node(where, true)
    if (found.ok && found.value.type === 'directory' && !isRecursive) {
      code = complain(process, `'${path}' is a directory`)
      continue
    }
    const removed = process.files.remove(where, isRecursive)
    if (removed.ok || (flags.has('f') && removed.error === 'No such file or directory')) continue
    code = complain(process, `can't remove '${path}': ${removed.error}`)
  }
  return code
}

export const cp: Program = function* (process) {
  const { flags, operands } = readOptions(process.argv.slice(1))
  const isRecursive = flags.has('r') || flags.has('R') || flags.has('a')
  return transfer(process, operands, (from, to) => {
    const found = process.files.node(from)
    if (found.ok && found.value.type === 'directory' && !isRecursive) return `omitting directory '${from}'`
    return copyTree(process.files, from, to)
  })
}

export const mv: Program = function* (process) {
  return transfer(process, readOptions(process.argv.slice(1)).operands, (from, to) => {
    const moved = process.files.move(from, to)
    return moved.ok ? undefined : `can't rename '${from}': ${moved.error}`
  })
}

/** To a name, or into a directory. */
function transfer(
  process: ContainerProcess,
  operands: readonly string[],
  act: (from: string, to: string) => string | undefined,
): number {
  const target = operands.at(-1)
  const paths = operands.slice(0, -1)
  if (target === undefined || paths.length === 0) return complain(process, 'missing file operand')
  const found = process.files.node(pathOf(process, target))
  const isInto = found.ok && found.value.type === 'directory'
  if (paths.length > 1 && !isInto) return complain(process, `target '${target}' is not a directory`)
  let code = 0
  for (const path of paths) {
    const name = path.replace(/\/+$/, '').replace(/^.*\//, '')
    const there = process.files.node(pathOf(process, path), true)
    if (!there.ok) {
      const verb = /mv$/.test(process.argv[0] ?? '') ? 'rename' : 'stat'
      code = complain(process, `can't ${verb} '${path}': ${there.error}`)
      continue
    }
    const to = pathOf(process, target)
    const why = act(pathOf(process, path), isInto ? `${to}/${name}` : to)
    if (why !== undefined) code = complain(process, why)
  }
  return code
}

function copyTree(files: FileSystem, from: string, to: string): string | undefined {
  const found = files.node(from)
  if (!found.ok) return `can't stat '${from}': ${found.error}`
  if (found.value.type !== 'directory') {
    const written = files.write(to, found.value.type === 'file' ? found.value.content : '')
    if (!written.ok) return `can't create '${to}': ${written.error}`
    if (found.value.type === 'file') written.value.mode = found.value.mode
    return undefined
  }
  if (!files.node(to).ok) {
    const made = files.makeDirectory(to)
    if (!made.ok) return `can't create directory '${to}': ${made.error}`
  }
  for (const name of [...found.value.entries.keys()]) {
    const why = copyTree(files, `${from}/${name}`, `${to}/${name}`)
    if (why !== undefined) return why
  }
  return undefined
}

export const ln: Program = function* (process) {
  const { flags, operands } = readOptions(process.argv.slice(1))
  const [target = '', path = target.replace(/^.*\//, '')] = operands
  const found = process.files.node(pathOf(process, path))
  const isInto = found.ok && found.value.type === 'directory' && !flags.has('n')
  const where = pathOf(process, isInto ? `${path}/${target.replace(/^.*\//, '')}` : path)
  if (flags.has('f')) process.files.remove(where)
  if (flags.has('s')) {
    const made = process.files.makeLink(target, where)
    return made.ok ? 0 : complain(process, `${path}: ${made.error}`)
  }
  const why = copyTree(process.files, pathOf(process, target), where)
  return why === undefined ? 0 : complain(process, why)
}

export const readlink: Program = function* (process) {
  const { flags, operands } = readOptions(process.argv.slice(1))
  const path = pathOf(process, operands[0] ?? '')
  if (flags.has('f') || process.argv[0]?.endsWith('realpath')) {
    const real = process.files.realPath(path)
    if (real.ok) process.stdout.write(`${real.value}\n`)
    return real.ok ? 0 : 1
  }
  const found = process.files.node(path, true)
  if (!found.ok || found.value.type !== 'link') return 1
  process.stdout.write(`${found.value.target}\n`)
  return 0
}

export const chmod: Program = function* (process) {
  const words = process.argv.slice(1).filter(word => word !== '-R' && word !== '-f')
  const [mode = '', ...paths] = words
  let code = 0
  for (const path of paths) {
    const found = process.files.node(pathOf(process, path))
    if (!found.ok) code = complain(process, `${path}: ${found.error}`)
    else if (found.value.type === 'file' || found.value.type === 'directory') {
      found.value.mode = newMode(found.value.mode, mode)
    }
  }
  return code
}

function newMode(old: number, mode: string): number {
  if (/^[0-7]+$/.test(mode)) return Number.parseInt(mode, 8)
  const match = /^([ugoa]*)([-+=])([rwx]*)$/.exec(mode)
  if (!match) return old
  const bits = [...match[3]!].reduce((sum, letter) => sum | { r: 0o444, w: 0o222, x: 0o111 }[letter]!, 0)
  const who =
    match[1] === '' || match[1] === 'a'
      ? 0o777
      : [...match[1]!].reduce((sum, letter) => sum | { u: 0o700, g: 0o070, o: 0o007, a: 0o777 }[letter]!, 0)
  if (match[2] === '+') return old | (bits & who)
  return match[2] === '-' ? old & ~(bits & who) : (old & ~who) | (bits & who)
}

/** Owners are not modelled: everybody may do everything. */
export const chown: Program = function* () {
  return 0
}

export const find: Program = function* (process) {
  const words = process.argv.slice(1)
  const at = words.findIndex(word => /^[-!(]/.test(word))
  const paths = at < 0 ? words : words.slice(0, at)
  const tests = at < 0 ? [] : words.slice(at)
  const value = (name: string) => (tests.includes(name) ? tests[tests.indexOf(name) + 1] : undefined)
  const depth = Number(value('-maxdepth') ?? 64)
  const least = Number(value('-mindepth') ?? 0)
  const type = value('-type')
  const pattern = value('-name') ?? value('-iname')
  const name =
    pattern === undefined
      ? undefined
      : new RegExp(
          `^${pattern
            .replace(/[.+^${}()|[\]\\]/g, '\\$&')
            .replaceAll('*', '.*')
            .replaceAll('?', '.')}$`,
          tests.includes('-iname') ? 'i' : '',
        )
  let code = 0
  const found: string[] = []
  const visit = (path: string, level: number) => {
    const node = process.files.node(pathOf(process, path), true)
    if (!node.ok) {
      code = complain(process, `${path}: ${node.error}`)
      return
    }
    const kind = { file: 'f', directory: 'd', link: 'l', device: 'c' }[node.value.type]
    const own = path.replace(/^.*\/(?=.)/, '')
    if (level >= least && (type === undefined || kind === type) && (name === undefined || name.test(own))) {
      found.push(path)
    }
    if (node.value.type !== 'directory' || level >= depth) return
    for (const child of [...node.value.entries.keys()].sort()) {
      visit(path.endsWith('/') ? path + child : `${path}/${child}`, level + 1)
    }
  }
  for (const path of paths.length > 0 ? paths : ['.']) visit(path, 0)
  const exec = tests.indexOf('-exec')
  for (const path of found) {
    if (tests.includes('-delete')) process.files.remove(pathOf(process, path), true)
    else if (exec >= 0) {
      const end = tests.findIndex((word, i) => i > exec && (word === ';' || word === '+'))
      yield* process.run(
        tests.slice(exec + 1, end).map(word => word.replaceAll('{}', path)),
        {},
      )
    } else process.stdout.write(`${path}\n`)
  }
  return code
}

export const du: Program = function* (process) {
  const { flags, operands } = readOptions(process.argv.slice(1), 'd')
  const size = (path: string, isTop: boolean): number => {
    const found = process.files.node(path, true)
    if (!found.ok) return 0
    const { value } = found
    if (value.type !== 'directory')
      return value.type === 'file' ? Math.ceil(byteLength(value.content) / 4096) * 4 : 0
    const inside = [...value.entries.keys()]
      .sort()
      .map(name => size(`${path === '/' ? '' : path}/${name}`, false))
    const total = inside.reduce((sum, one) => sum + one, 4)
    if (isTop || !flags.has('s'))
      process.stdout.write(`${flags.has('h') ? human(total * 1024) : total}\t${path}\n`)
    return total
  }
  for (const path of operands.length > 0 ? operands : ['.']) size(pathOf(process, path), true)
  return 0
}

export function human(bytes: number): string {
  const units = ['', 'K', 'M', 'G', 'T']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return unit === 0 ? String(value) : `${value.toFixed(1)}${units[unit]}`
}

const DISK_KB = 102_687_672
const USED_KB = 13_421_772

export const df: Program = function* ({ argv, files, memoryBytes, stdout }) {
  const isHuman = argv.some(word => /^-\w*h/.test(word))
  const size = (kilobytes: number) => (isHuman ? human(kilobytes * 1024) : String(kilobytes))
  const row = (name: string, total: number, used: number, where: string) => {
    const percent = total === 0 ? 0 : Math.round((used * 100) / total)
    const cells = [size(total), size(used), size(total - used)].map(cell => cell.padStart(isHuman ? 9 : 10))
    stdout.write(`${name.padEnd(20)} ${cells.join('')} ${`${percent}%`.padStart(4)} ${where}\n`)
  }
  stdout.write(
    `Filesystem           ${isHuman ? '     Size     Used Available' : '1K-blocks      Used Available'} Use% Mounted on\n`,
  )
  row('overlay', DISK_KB, USED_KB, '/')
  row('tmpfs', 65_536, 0, '/dev')
  for (const { path } of files.mounts) {
    const isMemory = path.startsWith('/var/run/secrets/')
    if (isMemory) row('tmpfs', Math.floor(memoryBytes / 1024), 12, path)
    else row('/dev/vda1', DISK_KB, USED_KB, path)
  }
  return 0
}

export const pwd: Program = function* ({ stdout, workingDirectory }) {
  stdout.write(`${workingDirectory}\n`)
  return 0
}

export const mktemp: Program = function* (process) {
  const { flags, operands } = readOptions(process.argv.slice(1), 'p')
  const template = operands[0] ?? '/tmp/tmp.XXXXXX'
  for (let i = 0; ; i++) {
    const path = template.replace(/X+$/, run => String(i).padStart(run.length, 'a'))
    const where = pathOf(process, path)
    if (process.files.node(where).ok) continue
    const made = flags.has('d') ? process.files.makeDirectory(where) : process.files.open(where)
    if (!made.ok) return complain(process, `${template}: ${made.error}`)
    process.stdout.write(`${path}\n`)
    return 0
  }
}

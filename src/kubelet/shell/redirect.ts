/** Opens what `<`, `>`, `2>&1` and here-documents name. */
import type { Routine } from '../../sim/index.ts'
import type { FileNode, TreeNode } from '../files/tree.ts'
import { type Input, LineReader, NOTHING, type Output, textInput } from '../io/streams.ts'
import type { ContainerProcess } from '../program.ts'
import { type Expander, expandText } from './expand.ts'
import { absolute } from './pattern.ts'
import type { ShellIo } from './state.ts'
import type { Redirect } from './syntax.ts'

export type Redirected =
  | { readonly ok: true; readonly io: ShellIo }
  /** As the shell prints it: `can't create /x/y: nonexistent directory`. */
  | { readonly ok: false; readonly message: string }

export function* redirect(
  shell: Expander,
  process: ContainerProcess,
  io: ShellIo,
  redirects: readonly Redirect[],
): Routine<Redirected> {
  let at = io
  for (const one of redirects) {
    if (one.type === 'here') {
      at = put(at, one.fd, textInput(yield* expandText(shell, one.content)))
      continue
    }
    const target = yield* expandText(shell, one.target)
    if (one.type === 'duplicate') {
      const from = target === '-' ? NOTHING : descriptor(at, Number(target))
      if (!from) return { ok: false, message: `${target}: bad file descriptor` }
      at = put(at, one.fd, from)
      continue
    }
    const path = absolute(target, shell.directory)
    if (one.type === 'read') {
      const opened = openForReading(process, at, path)
      if (!opened) return { ok: false, message: `can't open ${target}: no such file` }
      at = put(at, one.fd, opened)
      continue
    }
    const isAppend = one.type === 'append' || (one.type === 'both' && one.isAppend)
    const opened = openForWriting(process, at, path, isAppend)
    if (typeof opened === 'string') return { ok: false, message: `can't create ${target}: ${opened}` }
    at = put(at, one.fd, opened)
    if (one.type === 'both') at = put(at, 2, opened)
  }
  return { ok: true, io: at }
}

function descriptor(io: ShellIo, fd: number): Input | Output | undefined {
  return fd === 0 ? io.stdin : fd === 1 ? io.stdout : fd === 2 ? io.stderr : io.others.get(fd)
}

function put(io: ShellIo, fd: number, end: Input | Output): ShellIo {
  if (fd === 0) {
    const input = end as Input
    return { ...io, stdin: input instanceof LineReader ? input : new LineReader(input) }
  }
  if (fd === 1) return { ...io, stdout: end as Output }
  if (fd === 2) return { ...io, stderr: end as Output }
  return { ...io, others: new Map(io.others).set(fd, end) }
}

function openForReading(process: ContainerProcess, io: ShellIo, path: string): Input | undefined {
  const found = process.files.node(path)
  if (!found.ok || found.value.type === 'directory') return undefined
  if (found.value.type === 'device') return deviceInput(found.value.device, io)
  return found.value.type === 'file' ? textInput(found.value.content) : undefined
}

/** The devices that give something to read. */
function deviceInput(device: string, io: ShellIo): Input {
  if (device === 'stdin' || device === 'tty') return io.stdin
  if (device !== 'zero' && device !== 'urandom' && device !== 'random') return NOTHING
  const block = '\0'.repeat(4096)
  return {
    *read() {
      return block
    },
  }
}

function openForWriting(
  process: ContainerProcess,
  io: ShellIo,
  path: string,
  isAppend: boolean,
): Output | string {
  const found = process.files.node(path)
  if (found.ok && found.value.type === 'device') return deviceOutput(process, io, found.value)
  const opened = process.files.open(path)
  if (!opened.ok) {
    return opened.error === 'No such file or directory' ? 'nonexistent directory' : opened.error
  }
  if (!isAppend) process.files.put(opened.value, '')
  return fileOutput(process, opened.value)
}

function deviceOutput(process: ContainerProcess, io: ShellIo, node: TreeNode & { type: 'device' }): Output {
  switch (node.device) {
    case 'stdout':
    case 'tty':
      return io.stdout
    case 'stderr':
      return io.stderr
    case 'main-stdout':
      return process.mainOutput('stdout')
    case 'main-stderr':
      return process.mainOutput('stderr')
  }
  return NOTHING
}

function fileOutput({ files }: ContainerProcess, node: FileNode): Output {
  return { write: text => files.put(node, node.content + text), *drain() {} }
}

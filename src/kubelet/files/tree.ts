/** What a file system is made of. Nodes are shared: a volume's directory hangs in every container that mounts it. */
export interface FileNode {
  readonly type: 'file'
  content: string
  mode: number
  changedMs: number
  /** Told of every write: who waits for the file to grow. */
  listeners: Set<() => void> | undefined
}

export interface DirectoryNode {
  readonly type: 'directory'
  /** In the order of making; listings sort. */
  readonly entries: Map<string, TreeNode>
  mode: number
  changedMs: number
}

interface LinkNode {
  readonly type: 'link'
  readonly target: string
  readonly mode: number
  readonly changedMs: number
}

/** `null`, `zero`, `stdout`, ...: a name that the opener knows. */
interface DeviceNode {
  readonly type: 'device'
  readonly device: string
  readonly mode: number
  readonly changedMs: number
}

export type TreeNode = FileNode | DirectoryNode | LinkNode | DeviceNode

/** A content that is made when somebody looks. */
export type LazyText = () => string

export function file(content: string | LazyText, changedMs = 0, mode = 0o644): FileNode {
  if (typeof content === 'function') return lazyFile(content, changedMs, mode)
  return { type: 'file', content, mode, changedMs, listeners: undefined }
}

function lazyFile(make: LazyText, changedMs: number, mode: number): FileNode {
  let made: string | undefined
  return {
    type: 'file',
    get content() {
      made ??= make()
      return made
    },
    set content(text) {
      made = text
    },
    mode,
    changedMs,
    listeners: undefined,
  }
}

export function directory(changedMs = 0, mode = 0o755): DirectoryNode {
  return { type: 'directory', entries: new Map(), mode, changedMs }
}

export function link(target: string, changedMs = 0): LinkNode {
  return { type: 'link', target, mode: 0o777, changedMs }
}

export function device(name: string): DeviceNode {
  return { type: 'device', device: name, mode: 0o666, changedMs: 0 }
}

/** Puts a node at a path below a directory, making what is missing on the way. */
export function plant(root: DirectoryNode, path: string, node: TreeNode): void {
  const names = path.split('/').filter(name => name !== '')
  const last = names.pop()
  if (last === undefined) return
  let at = root
  for (const name of names) {
    let next = at.entries.get(name)
    if (next?.type !== 'directory') {
      next = directory(root.changedMs)
      at.entries.set(name, next)
    }
    at = next
  }
  at.entries.set(last, node)
}

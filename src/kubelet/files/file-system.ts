/**
 * A container's file system: the writable layer over its image, and what is mounted into it. Nothing of it is
 * made before somebody looks or writes: most containers never do either. Simplified: one user who may do all.
 */
import { type DirectoryNode, directory, type FileNode, file, link, plant, type TreeNode } from './tree.ts'

export interface Mount {
  /** Absolute. */
  readonly path: string
  readonly isReadOnly: boolean
  /** What hangs there: the same node each time, brought up to date. */
  node(): TreeNode
}

export type FileError =
  | 'No such file or directory'
  | 'Not a directory'
  | 'Is a directory'
  | 'File exists'
  | 'Directory not empty'
  | 'Read-only file system'
  | 'Device or resource busy'
  | 'Invalid argument'
  | 'Symbolic link loop'

export type FileResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: FileError }

export interface FileSystemParts {
  /** The image's files, by absolute path. */
  readonly files: Readonly<Record<string, string>>
  /** Files that every container of such an image has; made with the tree. */
  plantBase?(root: DirectoryNode): void
  readonly mounts: readonly Mount[]
  readonly isReadOnly: boolean
  now(): number
}

interface Place {
  readonly node: TreeNode | undefined
  readonly parent: DirectoryNode
  readonly name: string
  /** Absolute, without links. */
  readonly path: string
  readonly isReadOnly: boolean
}

const LINKS_FOLLOWED = 40
/** What the container's base fills, besides the image. */
const BASE = /^\/(?:etc|proc|sys|dev|run|var\/run|bin|usr\/bin)(?:\/|$)/

export class FileSystem {
  readonly #parts: FileSystemParts
  #root: DirectoryNode | undefined
  readonly #mounted = new Map<string, Mount>()

  constructor(parts: FileSystemParts) {
    this.#parts = parts
  }

  /** A file's content; undefined for what is no file. */
  get(path: string): string | undefined {
    if (!this.#root && !BASE.test(path) && !this.#parts.mounts.some(mount => path.startsWith(mount.path))) {
      return Object.hasOwn(this.#parts.files, path) ? this.#parts.files[path] : undefined
    }
    const place = this.#walk(path, true)
    return place.ok && place.value.node?.type === 'file' ? place.value.node.content : undefined
  }

  has(path: string): boolean {
    return this.get(path) !== undefined
  }

  /** Writes a file, and the directories to it where they are missing. */
  set(path: string, content: string): void {
    const parent = path.slice(0, path.lastIndexOf('/'))
    if (parent !== '') this.makeDirectory(parent, true)
    this.write(path, content)
  }

  /** What has been made of it so far has a file there; makes nothing itself. */
  getIfMade(path: string): string | undefined {
    return this.#root ? this.get(path) : undefined
  }

  /** What stands at a path; links are followed unless `isLink`. */
  node(path: string, isLink = false): FileResult<TreeNode> {
    const place = this.#walk(path, !isLink)
    if (!place.ok) return place
    return place.value.node ? good(place.value.node) : bad('No such file or directory')
  }

  read(path: string): FileResult<string> {
    const found = this.node(path)
    if (!found.ok) return found
    if (found.value.type === 'directory') return bad('Is a directory')
    return good(found.value.type === 'file' ? found.value.content : '')
  }

  /** The file, made when it is missing; its content is left alone. */
  open(path: string): FileResult<FileNode> {
    const place = this.#walk(path, true)
    if (!place.ok) return place
    const { node, parent, name, isReadOnly } = place.value
    if (node?.type === 'directory') return bad('Is a directory')
    if (isReadOnly) return bad('Read-only file system')
    if (node?.type === 'file') return good(node)
    const made = file('', this.#parts.now())
    parent.entries.set(name, made)
    parent.changedMs = this.#parts.now()
    return good(made)
  }

  write(path: string, content: string): FileResult<FileNode> {
    const opened = this.open(path)
    if (opened.ok) this.put(opened.value, content)
    return opened
  }

  /** Replaces an open file's content. */
  put(node: FileNode, content: string): void {
    node.content = content
    node.changedMs = this.#parts.now()
    for (const listener of [...(node.listeners ?? [])]) listener()
  }

  touch(path: string): FileResult<TreeNode> {
    const found = this.node(path)
    if (!found.ok) return this.open(path)
    const { value } = found
    if (value.type === 'file' || value.type === 'directory') value.changedMs = this.#parts.now()
    return found
  }

  makeDirectory(path: string, withParents = false): FileResult<void> {
    const place = this.#walk(path, true)
    if (place.ok) {
      const { node, parent, name, isReadOnly } = place.value
      if (node) return withParents && node.type === 'directory' ? DONE : bad('File exists')
      if (isReadOnly) return bad('Read-only file system')
      parent.entries.set(name, directory(this.#parts.now()))
      parent.changedMs = this.#parts.now()
      return DONE
    }
    if (!withParents || place.error !== 'No such file or directory') return place
    const above = this.makeDirectory(path.replace(/\/[^/]*\/*$/, '') || '/', true)
    return above.ok ? this.makeDirectory(path, true) : above
  }

  makeLink(target: string, path: string): FileResult<void> {
    const place = this.#walk(path, false)
    if (!place.ok) return place
    const { node, parent, name, isReadOnly } = place.value
    if (node) return bad('File exists')
    if (isReadOnly) return bad('Read-only file system')
    parent.entries.set(name, link(target, this.#parts.now()))
    return DONE
  }

  /** Removes a file, or a directory that is empty or `isRecursive`. */
  remove(path: string, isRecursive = false): FileResult<void> {
    const place = this.#walk(path, false)
    if (!place.ok) return place
    const { node, parent, name, isReadOnly, path: real } = place.value
    if (!node) return bad('No such file or directory')
    if (isReadOnly) return bad('Read-only file system')
    if (this.#mounted.has(real)) return bad('Device or resource busy')
    if (node.type === 'directory' && !isRecursive && node.entries.size > 0) return bad('Directory not empty')
    parent.entries.delete(name)
    parent.changedMs = this.#parts.now()
    return DONE
  }

  move(from: string, to: string): FileResult<void> {
    const source = this.#walk(from, false)
    if (!source.ok) return source
    if (!source.value.node) return bad('No such file or directory')
    const target = this.#walk(to, false)
    if (!target.ok) return target
    if (source.value.isReadOnly || target.value.isReadOnly) return bad('Read-only file system')
    if (target.value.path === source.value.path) return DONE
    if (target.value.path.startsWith(`${source.value.path}/`)) return bad('Invalid argument')
    source.value.parent.entries.delete(source.value.name)
    target.value.parent.entries.set(target.value.name, source.value.node)
    return DONE
  }

  /** Names in a directory, sorted. */
  list(path: string): FileResult<string[]> {
    const found = this.node(path)
    if (!found.ok) return found
    if (found.value.type !== 'directory') return bad('Not a directory')
    return good([...found.value.entries.keys()].sort())
  }

  /** Absolute and without links. */
  realPath(path: string): FileResult<string> {
    const place = this.#walk(path, true)
    if (!place.ok) return place
    return place.value.node ? good(place.value.path) : bad('No such file or directory')
  }

  /** Paths that something is mounted at, `/` not among them. */
  get mounts(): readonly Mount[] {
    return this.#parts.mounts
  }

  #tree(): DirectoryNode {
    if (this.#root) return this.#root
    const { files, mounts } = this.#parts
    const nowMs = this.#parts.now()
    const root = directory(nowMs)
    this.#root = root
    this.#parts.plantBase?.(root)
    for (const [path, content] of Object.entries(files)) plant(root, path, file(content))
    for (const mount of [...mounts].sort((a, b) => (a.path < b.path ? -1 : 1))) {
      const node = mount.node()
      const path = mount.path.replace(/(?<=.)\/+$/, '')
      if (!this.#walk(path, true).ok || !this.node(path).ok) {
        plant(root, path, node.type === 'directory' ? directory(nowMs) : file('', nowMs))
      }
      this.#mounted.set(path, mount)
    }
    return root
  }

  #walk(path: string, follow: boolean): FileResult<Place> {
    const root = this.#tree()
    const todo = path.split('/').filter(name => name !== '' && name !== '.')
    const trail: { node: TreeNode; name: string; isReadOnly: boolean }[] = []
    let links = 0
    const top = this.#mounted.get('/')
    const start = {
      node: top?.node() ?? root,
      name: '',
      isReadOnly: top?.isReadOnly ?? this.#parts.isReadOnly,
    }
    while (todo.length > 0) {
      const name = todo.shift()!
      if (name === '..') {
        trail.pop()
        continue
      }
      const at = trail.at(-1) ?? start
      if (at.node.type !== 'directory') return bad('Not a directory')
      const here = `${trail.map(step => `/${step.name}`).join('')}/${name}`
      const mount = this.#mounted.get(here)
      const node = mount ? mount.node() : at.node.entries.get(name)
      const isReadOnly = mount?.isReadOnly ?? at.isReadOnly
      if (!node) {
        if (todo.length > 0) return bad('No such file or directory')
        return good({ node, parent: at.node, name, path: here, isReadOnly })
      }
      if (node.type === 'link' && (follow || todo.length > 0)) {
        if (++links > LINKS_FOLLOWED) return bad('Symbolic link loop')
        if (node.target.startsWith('/')) trail.length = 0
        todo.unshift(...node.target.split('/').filter(part => part !== '' && part !== '.'))
        continue
      }
      trail.push({ node, name, isReadOnly })
    }
    const last = trail.at(-1)
    const parent = (trail.at(-2) ?? start).node
    if (!last || parent.type !== 'directory') {
      return good({ node: start.node, parent: root, name: '', path: '/', isReadOnly: true })
    }
    const real = trail.map(step => `/${step.name}`).join('')
    return good({ node: last.node, parent, name: last.name, path: real, isReadOnly: last.isReadOnly })
  }
}

function good<T>(value: T): FileResult<T> {
  return { ok: true, value }
}
function bad(error: FileError): { readonly ok: false; readonly error: FileError } {
  return { ok: false, error }
}
const DONE: FileResult<void> = Object.freeze({ ok: true, value: undefined })

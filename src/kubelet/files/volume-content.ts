/**
 * What a ConfigMap, Secret, projected or downward volume holds, and the directory the kubelet writes of it: a
 * directory of its own for each version, `..data` pointing at the newest, a link for each name.
 */
import { type DirectoryNode, directory, file, type LazyText, link, plant } from './tree.ts'

/** Relative paths to content. */
export type VolumeFiles = Readonly<Record<string, string | LazyText>>

/** Where a volume's contents come from. */
export interface VolumeOrigin {
  files(): VolumeFiles
  /** Changes when the files must be asked for again without a refresh: tokens have been renewed. */
  version(): number
}

/** A cell that the kubelet refreshes; nothing is made of it before somebody looks. */
export class VolumeContent {
  readonly #origin: VolumeOrigin
  #madeVersion = 0
  #files: VolumeFiles | undefined
  #written: VolumeFiles | undefined
  #directory: DirectoryNode | undefined
  readonly #mode: number

  constructor(origin: VolumeOrigin, mode: number) {
    this.#origin = origin
    this.#mode = mode
  }

  get files(): VolumeFiles {
    const version = this.#origin.version()
    if (this.#files === undefined || version !== this.#madeVersion) {
      this.#files = this.#origin.files()
      this.#madeVersion = version
    }
    return this.#files
  }

  /** The volume's sources may have changed. */
  refresh(): void {
    this.#files = undefined
  }

  /** The volume as it is now. */
  tree(nowMs: number): DirectoryNode {
    const { files } = this
    this.#directory ??= directory(0, 0o1777)
    const root = this.#directory
    if (this.#written && sameFiles(this.#written, files)) return root
    this.#written = files
    const version = `..${new Date(nowMs).toISOString().slice(0, 19).replace(/[-T:]/g, '_')}.${String(nowMs % 1e9).padStart(9, '0')}`
    const holder = directory(nowMs, 0o755)
    root.entries.clear()
    root.changedMs = nowMs
    root.entries.set(version, holder)
    root.entries.set('..data', link(version, nowMs))
    for (const [path, content] of Object.entries(files)) {
      plant(holder, path, file(content, nowMs, this.#mode))
      const [first = ''] = path.split('/')
      root.entries.set(first, link(`..data/${first}`, nowMs))
    }
    return root
  }
}

function sameFiles(a: VolumeFiles, b: VolumeFiles): boolean {
  if (a === b) return true
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every(name => a[name] === b[name])
}

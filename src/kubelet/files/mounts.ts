/** From what the kubelet wants mounted to what hangs in a container: directories of the pod, the node, or a claim. */
import type { Mount } from './file-system.ts'
import { type DirectoryNode, directory, file, plant, type TreeNode } from './tree.ts'
import type { VolumeContent } from './volume-content.ts'

export type VolumeSource =
  /** Lives as long as the pod: emptyDir. */
  | { readonly type: 'scratch'; readonly name: string }
  /** The node's own. */
  | { readonly type: 'host'; readonly path: string; readonly kind: string }
  /** By `namespace/claim`; each node has its own. */
  | { readonly type: 'claim'; readonly key: string }
  | { readonly type: 'content'; readonly content: VolumeContent }

export interface MountConfig {
  /** In the container. */
  readonly path: string
  readonly isReadOnly: boolean
  /** A file or directory within the volume instead of the whole. */
  readonly subPath: string | undefined
  readonly source: VolumeSource
}

/** Where a node keeps its volumes. Made of empty directories as they are asked for. */
export class VolumeStore {
  /** The node's file system, as hostPath volumes see it. */
  readonly #host = directory()
  readonly #claims = new Map<string, DirectoryNode>()
  readonly #scratch = new Map<string, Map<string, DirectoryNode>>()

  /** The pod is gone. */
  forget(podUid: string): void {
    this.#scratch.delete(podUid)
  }

  mount(podUid: string, config: MountConfig, now: () => number): Mount {
    const { path, isReadOnly, subPath } = config
    let found: TreeNode | undefined
    const node = () => {
      // What subPath picks stays the file that it was when the container began.
      if (config.source.type === 'content' && subPath === undefined) return config.source.content.tree(now())
      found ??= this.#part(podUid, config, now())
      return found
    }
    return { path: path.replace(/(?<=.)\/+$/, ''), isReadOnly, node }
  }

  #part(podUid: string, { source, subPath }: MountConfig, nowMs: number): TreeNode {
    if (source.type === 'content') {
      const { files } = source.content
      const exact = files[subPath!]
      if (exact !== undefined) return file(exact, nowMs)
      const part = directory(nowMs)
      for (const [path, content] of Object.entries(files)) {
        if (path.startsWith(`${subPath}/`)) plant(part, path.slice(subPath!.length + 1), file(content, nowMs))
      }
      return part
    }
    const whole = this.#whole(podUid, source, nowMs)
    return subPath === undefined ? whole : below(whole, subPath, nowMs)
  }

  #whole(podUid: string, source: Exclude<VolumeSource, { type: 'content' }>, nowMs: number): TreeNode {
    if (source.type === 'host') {
      return below(this.#host, source.path, nowMs, source.kind === 'FileOrCreate' || source.kind === 'File')
    }
    if (source.type === 'claim') return entry(this.#claims, source.key, nowMs)
    let volumes = this.#scratch.get(podUid)
    if (!volumes) {
      volumes = new Map()
      this.#scratch.set(podUid, volumes)
    }
    return entry(volumes, source.name, nowMs, 0o777)
  }
}

function entry(map: Map<string, DirectoryNode>, key: string, nowMs: number, mode?: number): DirectoryNode {
  let found = map.get(key)
  if (!found) {
    found = directory(nowMs, mode)
    map.set(key, found)
  }
  return found
}

/** What stands at a path below a node; made as a directory, or an empty file, when it is missing. */
function below(root: TreeNode, path: string, nowMs: number, isFile = false): TreeNode {
  let at = root
  const names = path.split('/').filter(name => name !== '' && name !== '.' && name !== '..')
  for (const [i, name] of names.entries()) {
    if (at.type !== 'directory') return at
    let next = at.entries.get(name)
    if (!next) {
      next = isFile && i === names.length - 1 ? file('', nowMs) : directory(nowMs)
      at.entries.set(name, next)
    }
    at = next
  }
  return at
}

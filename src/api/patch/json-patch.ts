/**
 * JSON Patch (RFC 6902): add, remove, replace, move, copy and test. Complaints are those of the evanphx/json-patch
 * library that API servers use. Like it, lists allow negative indexes and `-` for the end.
 */
import { deepEqual } from '../deep-equal.ts'
import { isList, isRecord, setField } from './json.ts'
import { PatchError } from './patch-error.ts'

interface Operation {
  readonly op: string
  readonly path: string
  readonly from?: string
  readonly value?: unknown
}

/** The document after every operation; parts they do not touch are shared. Throws {@link PatchError}. */
export function applyJsonPatch(document: unknown, patch: unknown): unknown {
  if (!isList(patch)) {
    const got = isRecord(patch) ? 'object' : typeof patch
    throw new PatchError(
      400,
      `error decoding patch: json: cannot unmarshal ${got} into Go value of type jsonpatch.Patch`,
    )
  }
  let result = document
  for (const operation of patch) result = applyOperation(result, operation as Operation)
  return result
}

function applyOperation(document: unknown, operation: Operation): unknown {
  if (!isRecord(operation)) throw new PatchError(400, 'error decoding patch: an operation is not an object')
  const { op, path, from = '' } = operation
  if (typeof path !== 'string') throw new PatchError(422, 'Operation missing path field')
  switch (op) {
    case 'add':
      return add(document, path, required(operation))
    case 'remove':
      return remove(document, path)
    case 'replace': {
      const value = required(operation)
      if (path === '') return value
      if (!has(document, path))
        throw missing(`replace operation does not apply: doc is missing ${what(document, path)}`)
      return edit(document, path, 'replace', (container, key) => set(container, key, value))
    }
    case 'move': {
      const value = get(document, from)
      if (value === undefined) throw missing(`error in move for path: '${path}'`)
      return add(remove(document, from), path, value)
    }
    case 'copy': {
      const value = get(document, from)
      if (value === undefined) throw missing(`error in copy for from: '${from}'`)
      return add(document, path, value)
    }
    case 'test':
      // A value that is not there is as good as null.
      if (deepEqual(get(document, path) ?? null, operation.value ?? null)) return document
      throw new PatchError(422, `testing value ${path} failed: test failed`)
    default:
      throw new PatchError(422, `Unexpected kind: ${op}`)
  }
}

function required(operation: Operation): unknown {
  if (Object.hasOwn(operation, 'value')) return operation.value
  throw new PatchError(422, `${operation.op} operation does not apply: missing value`)
}

type Container = readonly unknown[] | Readonly<Record<string, unknown>>

function add(document: unknown, path: string, value: unknown): unknown {
  if (path === '') return value
  return edit(document, path, 'add', (container, key) => {
    if (!isList(container)) return set(container, key, value)
    const index = key === '-' ? container.length : listIndex(container, key, container.length, path)
    return container.toSpliced(index, 0, value)
  })
}

function remove(document: unknown, path: string): unknown {
  return edit(document, path, 'remove', (container, key) => {
    if (isList(container))
      return container.toSpliced(listIndex(container, key, container.length - 1, path), 1)
    if (!Object.hasOwn(container, key)) {
      throw missing(`error in remove for path: '${path}': Unable to remove nonexistent key: ${key}`)
    }
    const { [key]: _, ...rest } = container
    return rest
  })
}

/** A copy of the document with the container that the path ends in changed by `change`. */
function edit(
  document: unknown,
  path: string,
  operation: string,
  change: (container: Container, key: string) => Container,
): unknown {
  const keys = keysOf(path)
  const last = keys.pop()
  const editAt = (node: unknown, depth: number): unknown => {
    if (last === undefined || (!isList(node) && !isRecord(node))) {
      throw missing(`${operation} operation does not apply: doc is missing path: ${JSON.stringify(path)}`)
    }
    if (depth === keys.length) return change(node, last)
    return set(node, keys[depth]!, editAt(child(node, keys[depth]!), depth + 1))
  }
  return editAt(document, 0)
}

function set(container: Container, key: string, value: unknown): Container {
  if (isList(container)) return container.with(Number(key), value)
  const result = { ...container }
  setField(result, key, value)
  return result
}

function get(document: unknown, path: string): unknown {
  return keysOf(path).reduce(child, document)
}

function has(document: unknown, path: string): boolean {
  return get(document, path) !== undefined
}

function what(document: unknown, path: string): string {
  const parent = get(document, path.slice(0, path.lastIndexOf('/')))
  return isList(parent) || isRecord(parent) ? `key: ${path}` : `path: ${path}`
}

function child(node: unknown, key: string): unknown {
  if (isList(node)) return /^-?\d+$/.test(key) ? node.at(Number(key)) : undefined
  return isRecord(node) && Object.hasOwn(node, key) ? node[key] : undefined
}

function listIndex(list: readonly unknown[], key: string, maximum: number, path: string): number {
  const index = /^-?\d+$/.test(key) ? Number(key) : Number.NaN
  const fromStart = index < 0 ? index + list.length : index
  if (fromStart >= 0 && fromStart <= maximum) return fromStart
  const complaint = `Unable to access invalid index: ${key}: invalid index referenced`
  throw new PatchError(422, `error in ${path ? `path: '${path}'` : 'document'}: ${complaint}`)
}

function keysOf(path: string): string[] {
  if (path === '') return []
  return path
    .split('/')
    .slice(1)
    .map(key => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function missing(what: string): PatchError {
  return new PatchError(422, `${what}: missing value`)
}

/**
 * `-f`: objects out of files, as kubectl's resource builder reads them.
 */
import { type AnyKind, type KubeObject, type NewObject, parseManifest } from '../api/index.ts'
import type { FlagSpec } from './arguments.ts'
import type { Invocation } from './context.ts'
import { KubectlError } from './kubectl-error.ts'

export const FILE_FLAGS: readonly FlagSpec[] = [
  { name: 'filename', short: 'f', type: 'list' },
  { name: 'recursive', short: 'R', type: 'boolean' },
]

/** One object of a file. */
export interface Manifest {
  readonly kind: AnyKind
  readonly object: NewObject<KubeObject>
  /** Where it goes: its own namespace, or the command's; '' for cluster-scoped kinds. */
  readonly namespace: string
  readonly file: string
}

/** All objects of all `-f` files, in order. Throws KubectlError for what cannot be read. */
export function readManifests(invocation: Invocation): Manifest[] {
  const files = invocation.args.flags.list('filename')
  if (files.length === 0) throw new KubectlError('error: must specify one of -f and -k')
  return files.flatMap(file => {
    const text = invocation.context.readFile(file)
    if (text === undefined) {
      throw new KubectlError(
        file.includes('://')
          ? `error: unable to read URL ${JSON.stringify(file)}: there is no way out of the simulation`
          : `error: the path ${JSON.stringify(file)} does not exist`,
      )
    }
    return parseManifests(invocation, file === '-' ? 'STDIN' : file, text)
  })
}

function parseManifests(invocation: Invocation, file: string, text: string): Manifest[] {
  const documents = parseManifest(file, text)
  if (documents.length === 0) throw new KubectlError('error: no objects passed to apply')
  return documents.map(({ object }) => {
    const { apiVersion, kind: kindName } = object
    const kind = invocation.context.scheme.byKind(apiVersion, kindName)
    if (!kind) {
      throw new KubectlError(
        `error: resource mapping not found for name: ${JSON.stringify(object.metadata.name ?? '')} namespace: ${JSON.stringify(object.metadata.namespace ?? '')} from ${JSON.stringify(file)}: no matches for kind ${JSON.stringify(kindName)} in version ${JSON.stringify(apiVersion)}\nensure CRDs are installed first`,
      )
    }
    const wanted = object.metadata.namespace
    const flag = invocation.args.flags.text('namespace')
    if (kind.isNamespaced && wanted && flag && wanted !== flag) {
      throw new KubectlError(
        `error: the namespace from the provided object ${JSON.stringify(wanted)} does not match the namespace ${JSON.stringify(flag)}. You must pass '--namespace=${wanted}' to perform this operation.`,
      )
    }
    return { kind, object, namespace: kind.isNamespaced ? (wanted ?? invocation.namespace) : '', file }
  })
}

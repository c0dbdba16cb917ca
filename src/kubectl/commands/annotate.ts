/** `kubectl annotate`: adds, changes and removes annotations by a merge patch. */
import type { Command } from '../context.ts'
import { KubectlError } from '../kubectl-error.ts'
import {
  changed,
  checkMetadataFlags,
  eachSelected,
  listMetadata,
  METADATA_FLAGS,
  type MetadataChanges,
  patchMetadata,
} from '../metadata-changes.ts'
import { resultPrinter } from '../results.ts'
import { selectObjects, splitPairs } from '../selection.ts'

/** May be overwritten without `--overwrite`. */
export const CHANGE_CAUSE = 'kubernetes.io/change-cause'

export const ANNOTATE: Command = {
  name: 'annotate',
  flags: METADATA_FLAGS,
  *run(invocation) {
    const { args } = invocation
    const { resources, pairs } = splitPairs(args.words, 'annotation')
    const changes = readAnnotations(pairs)
    checkMetadataFlags(invocation, resources, changes, 'annotation')
    const print = resultPrinter(invocation)
    const targets = yield* selectObjects(invocation, resources)
    yield* eachSelected(invocation, targets, function* (target) {
      const old = target.object.metadata.annotations ?? {}
      if (!args.flags.isSet('overwrite')) refuseOverwrite(old, changes)
      const change = changed(old, changes)
      if (args.flags.isSet('list')) {
        listMetadata(invocation, target, change.next, 'annotations', targets.length === 1)
        return
      }
      const object = yield* patchMetadata(invocation, target, 'annotations', change, 'kubectl-annotate')
      print(target.kind, object, 'annotated')
    })
  },
}

function readAnnotations(pairs: readonly string[]): MetadataChanges {
  const set: Record<string, string> = {}
  const remove: string[] = []
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    if (equals < 0) remove.push(pair.slice(0, -1))
    else set[pair.slice(0, equals)] = pair.slice(equals + 1)
  }
  const both = remove.filter(key => key in set)
  if (both.length > 0) {
    throw new KubectlError(
      `error: can not both modify and remove the following annotation(s) in the same command: ${both.join(', ')}`,
    )
  }
  return { set, remove }
}

function refuseOverwrite(old: Readonly<Record<string, string>>, changes: MetadataChanges): void {
  const taken = Object.keys(changes.set).filter(
    key => key !== CHANGE_CAUSE && key in old && old[key] !== changes.set[key],
  )
  if (taken.length === 0) return
  const found = taken.map(key => `'${key}' already has a value (${old[key]})`).join('; ')
  throw new KubectlError(
    `error: --overwrite is false but found the following declared annotation(s): ${found}`,
  )
}

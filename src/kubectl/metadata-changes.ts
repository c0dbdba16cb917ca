/**
 * What `kubectl label` and `kubectl annotate` share: reading `key=value` and `key-`, refusing to overwrite, and the
 * merge patch that makes the change.
 */
import type { KubeObject } from '../api/index.ts'
import { type ApiResult, call, requestFor } from '../client/index.ts'
import type { Routine } from '../sim/index.ts'
import type { FlagSpec } from './arguments.ts'
import type { Invocation } from './context.ts'
import { KubectlError, statusError } from './kubectl-error.ts'
import { SELECTION_FLAGS, type Selected } from './selection.ts'
import { dryRunOf, WRITE_FLAGS } from './write-flags.ts'

export const METADATA_FLAGS: readonly FlagSpec[] = [
  ...SELECTION_FLAGS,
  ...WRITE_FLAGS,
  { name: 'overwrite', type: 'boolean' },
  { name: 'list', type: 'boolean' },
  { name: 'resource-version', type: 'string' },
]

/** What is to become of a map of labels or annotations. */
export interface MetadataChanges {
  readonly set: Readonly<Record<string, string>>
  readonly remove: readonly string[]
}

type Strings = Readonly<Record<string, string>>

/** Flags that exclude each other. Throws KubectlError. */
export function checkMetadataFlags(
  invocation: Invocation,
  resources: readonly string[],
  changes: MetadataChanges,
  what: 'label' | 'annotation',
): void {
  const { flags } = invocation.args
  const isList = flags.isSet('list')
  if (isList && flags.has('output')) fail('--list and --output may not be specified together')
  for (const selector of ['selector', 'field-selector']) {
    if (flags.isSet('all') && flags.has(selector)) fail(`cannot set --all and --${selector} at the same time`)
  }
  if (resources.length === 0 && !flags.has('filename')) {
    fail('one or more resources must be specified as <resource> <name> or <resource>/<name>')
  }
  const isEmpty = Object.keys(changes.set).length === 0 && changes.remove.length === 0
  if (isEmpty && !isList) fail(`at least one ${what} update is required`)
}

function fail(message: string): never {
  throw new KubectlError(`error: ${message}`)
}

/** What really changes in `old`, and what that gives. */
export function changed(
  old: Strings,
  changes: MetadataChanges,
): { next: Strings; added: readonly string[]; removed: readonly string[] } {
  const added = Object.keys(changes.set).filter(key => old[key] !== changes.set[key])
  const removed = changes.remove.filter(key => key in old)
  const next: Record<string, string> = { ...old, ...changes.set }
  for (const key of removed) delete next[key]
  return { next, added, removed }
}

/** Sends the change of `field` as a merge patch; gives the object as it is then. Throws KubectlError. */
export function* patchMetadata(
  invocation: Invocation,
  target: Selected,
  field: 'labels' | 'annotations',
  change: ReturnType<typeof changed>,
  fieldManager: string,
): Routine<KubeObject> {
  const { args, context } = invocation
  const { kind, namespace, name, object } = target
  const dryRun = dryRunOf(args.flags)
  const { added, removed, next } = change
  const resourceVersion = args.flags.text('resource-version')
  if (dryRun === 'client' || (added.length === 0 && removed.length === 0)) {
    return { ...object, metadata: { ...object.metadata, [field]: next } }
  }
  const entries = [...added.map(key => [key, next[key]]), ...removed.map(key => [key, null])]
  const metadata = { [field]: Object.fromEntries(entries), ...(resourceVersion && { resourceVersion }) }
  const result: ApiResult = yield* call(
    context.api,
    requestFor('patch', kind, namespace, name, {
      body: { metadata },
      options: { patchType: 'merge', dryRun: dryRun === 'server', fieldManager },
      isFromWire: true,
    }),
  )
  if (!result.ok) throw statusError(result.status)
  return result.object
}

/** `--list`: the map as it would be, a line each. Several objects have a heading each. */
export function listMetadata(
  invocation: Invocation,
  target: Selected,
  values: Strings,
  what: 'labels' | 'annotations',
  isOnly: boolean,
): void {
  const { output } = invocation
  const { kind, name } = target
  if (!isOnly) output.out(`Listing ${what} for ${kind.kind}.${kind.group}/${name}:\n`)
  for (const key of Object.keys(values).sort()) output.out(`${isOnly ? '' : ' '}${key}=${values[key]}\n`)
}

/**
 * Runs `change` for every object; a refusal is kept for the end and the others go on. `--resource-version` is for
 * one object only.
 */
export function* eachSelected(
  invocation: Invocation,
  targets: readonly Selected[],
  change: (target: Selected) => Routine<void>,
): Routine<void> {
  if (invocation.args.flags.has('resource-version') && targets.length !== 1) {
    fail('--resource-version may only be used with a single resource')
  }
  for (const target of targets) {
    try {
      yield* change(target)
    } catch (error) {
      if (!(error instanceof KubectlError)) throw error
      invocation.fail(error.message)
    }
  }
}

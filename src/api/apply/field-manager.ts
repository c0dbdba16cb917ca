/**
 * `metadata.managedFields` through a create, an update or a server-side apply. Pure. Mirrors apimachinery's
 * `managedfields.FieldManager` and the managers it is stacked of.
 */
import { canonicalJson } from '../names.ts'
import { compare } from './compare.ts'
import { EMPTY_SET, type FieldSet, fieldSetOf } from './field-set.ts'
import { pathText } from './fields-v1.ts'
import {
  decodeManagers,
  encodeManagers,
  idOf,
  type ManagedFieldsEntry,
  type Manager,
  type ManagerName,
  type Managers,
  NO_MANAGERS,
} from './managers.ts'
import { toFieldSet } from './to-field-set.ts'
import { type Applied, apply, type Conflict, updateManagers, type Versions, type Write } from './updater.ts'
import { isRecord, type Json } from './walk.ts'

const MOST_UPDATERS = 10
const ANCIENT = 'ancient-changes'
const BEFORE_FIRST_APPLY = 'before-first-apply'
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'
/** The sum of keys and values that annotations may have. */
const MOST_ANNOTATION_BYTES = 256 * 1024

/** Fields that belong to the server: nobody manages them. */
const NOBODYS = fieldSetOf([
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map(field => ['f:metadata', `f:${field}`]),
])

/** Who writes, and through what. */
export interface Writer {
  readonly manager: string
  /** The version of the request. */
  readonly apiVersion: string
  readonly subresource: string
  readonly versions: Versions
  /** Fields that this write cannot change, as paths: `status`, `metadata.labels`. */
  readonly resets: readonly string[]
  /** RFC 3339 */
  readonly now: string
}

interface Tracked {
  readonly metadata?: { readonly managedFields?: readonly ManagedFieldsEntry[]; readonly uid?: string }
}

/** The managed fields of a new object; `object` has its defaults and is not yet admitted. */
export function trackCreate(writer: Writer, object: unknown): ManagedFieldsEntry[] | undefined {
  const managers = decodeManagers(entriesOf(object)) ?? NO_MANAGERS
  return encodeManagers(updated(writer, {}, object, managers, nameOf(writer, 'Update')), undefined)
}

/**
 * The managed fields after an update. The array of `live` itself when they did not change; undefined for an object
 * nobody's fields were ever tracked of, or when the client asks to forget them.
 */
export function trackUpdate(writer: Writer, live: unknown, next: unknown): ManagedFieldsEntry[] | undefined {
  const stored = entriesOf(live)
  const given = writer.subresource === '' ? entriesOf(next) : undefined
  if (given?.length === 1 && Object.keys(given[0]!).length === 0) return undefined
  const asked = given && given !== stored ? decodeManagers(given) : undefined
  const managers = asked && asked.size > 0 ? asked : (decodeManagers(stored) ?? NO_MANAGERS)
  if (managers.size === 0) return undefined
  return encodeManagers(updated(writer, live, next, managers, nameOf(writer, 'Update')), stored)
}

/** How a server-side apply went. */
export type ApplyOutcome =
  | { readonly ok: true; readonly object: Json; readonly managedFields: ManagedFieldsEntry[] | undefined }
  | { readonly ok: false; readonly conflicts: readonly ApplyConflict[] }
  /** What is wrong with the configuration: `.spec.foo: field not declared in schema`. */
  | { readonly ok: false; readonly errors: readonly string[] }

/** One field that somebody else manages. */
export interface ApplyConflict {
  /** `"kubectl-client-side-apply" using apps/v1` */
  readonly manager: string
  /** `.spec.replicas` */
  readonly field: string
}

/** The object that an applied configuration makes of `live` (undefined: there is none). */
export function applyConfiguration(
  writer: Writer,
  live: unknown,
  configuration: Json,
  isForced: boolean,
): ApplyOutcome {
  const base = live ?? {}
  const stored = entriesOf(live)
  let managers = decodeManagers(stored) ?? NO_MANAGERS
  if (managers.size === 0 && live !== undefined) {
    const everything = { ...nameOf(writer, 'Update'), manager: BEFORE_FIRST_APPLY }
    managers = updated(writer, {}, live, managers, everything)
  }
  const write = writeOf(writer)
  const applier = nameOf(writer, 'Apply')
  let result = apply(write, base, configuration, managers, applier, isForced)
  if (writer.manager === 'kubectl' && !result.ok && 'conflicts' in result) {
    result = migrated(writer, live, result.conflicts, () =>
      apply(write, base, configuration, managers, applier, true),
    )
  }
  if (!result.ok) {
    return 'errors' in result ? result : { ok: false, conflicts: result.conflicts.flatMap(conflictsOf) }
  }
  const managedFields = encodeManagers(stripped(result.managers, idOf(applier)), stored)
  const object = (isRecord(result.object) ? result.object : {}) as Json
  return {
    ok: true,
    object: writer.manager === 'kubectl' ? withLastApplied(object, configuration) : object,
    managedFields,
  }
}

function updated(
  writer: Writer,
  live: unknown,
  next: unknown,
  managers: Managers,
  name: ManagerName,
): Managers {
  return capped(stripped(updateManagers(writeOf(writer), live, next, managers, name), idOf(name)))
}

function writeOf({ versions, resets, now }: Writer): Write {
  return { versions, reset: resetSet(resets), now }
}

const resetSets = new Map<string, FieldSet>()

function resetSet(resets: readonly string[]): FieldSet {
  if (resets.length === 0) return EMPTY_SET
  const key = resets.join()
  let set = resetSets.get(key)
  if (!set) {
    set = fieldSetOf(resets.map(path => path.split('.').map(field => `f:${field}`)))
    resetSets.set(key, set)
  }
  return set
}

function nameOf({ manager, apiVersion, subresource }: Writer, operation: 'Apply' | 'Update'): ManagerName {
  return { manager: manager || 'unknown', operation, apiVersion, subresource }
}

function entriesOf(object: unknown): readonly ManagedFieldsEntry[] | undefined {
  return (object as Tracked | undefined)?.metadata?.managedFields
}

/** The managers, the one of the write without what is nobody's. */
function stripped(managers: Managers, id: string): Managers {
  const own = managers.get(id)
  if (!own) return managers
  const set = own.set.difference(NOBODYS)
  if (set === own.set) return managers
  const result = new Map(managers)
  if (set.isEmpty) result.delete(id)
  else result.set(id, { ...own, set })
  return result
}

/** At most ten updaters: the oldest of a version are put together, as `ancient-changes`. */
function capped(managers: Managers): Managers {
  const updaters = [...managers].filter(([, manager]) => manager.operation === 'Update')
  if (updaters.length <= MOST_UPDATERS) return managers
  updaters.sort(([a, one], [b, other]) => {
    const [old, young] = [one.time ?? '', other.time ?? '']
    return old !== young ? (old < young ? -1 : 1) : a < b ? -1 : 1
  })
  const result = new Map(managers)
  const firsts = new Map<string, string>()
  let length = updaters.length
  for (const [id, manager] of updaters) {
    if (length <= MOST_UPDATERS) break
    const { apiVersion } = manager
    const first = firsts.get(apiVersion)
    if (first === undefined) {
      firsts.set(apiVersion, id)
      continue
    }
    const bucket: ManagerName = { manager: ANCIENT, operation: 'Update', apiVersion, subresource: '' }
    const bucketId = idOf(bucket)
    const gathered: Manager = result.get(bucketId) ?? result.get(first)!
    result.delete(first)
    result.delete(id)
    result.set(bucketId, { ...bucket, set: manager.set.union(gathered.set), time: manager.time })
    length--
  }
  return result
}

/**
 * From client-side apply to server-side apply: what kubectl wrote down as applied last, and is so still, is its own
 * to take. Only kubectl, by its own name, gets this.
 */
function migrated(
  writer: Writer,
  live: unknown,
  conflicts: readonly Conflict[],
  force: () => Applied,
): Applied {
  const allowed = lastAppliedFields(writer, live)
  if (!allowed) return { ok: false, conflicts }
  const rest = conflicts
    .map(({ manager, fields }) => ({ manager, fields: fields.difference(allowed) }))
    .filter(({ fields }) => !fields.isEmpty)
  return rest.length > 0 ? { ok: false, conflicts: rest } : force()
}

function lastAppliedFields(writer: Writer, live: unknown): FieldSet | undefined {
  const text = lastAppliedOf(live)
  if (!text) return undefined
  let configuration: unknown
  try {
    configuration = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isRecord(configuration) || configuration.apiVersion !== writer.apiVersion) return undefined
  const type = writer.versions.typeAt(writer.apiVersion)!
  const { set, errors } = toFieldSet(configuration, type)
  if (errors.length > 0) return undefined
  const { added, modified, removed } = compare(live, configuration, type)
  return set.difference(modified).difference(added).difference(removed)
}

function lastAppliedOf(object: unknown): string | undefined {
  const metadata = isRecord(object) ? object.metadata : undefined
  const annotations = isRecord(metadata) ? metadata.annotations : undefined
  const text = isRecord(annotations) ? annotations[LAST_APPLIED] : undefined
  return typeof text === 'string' ? text : undefined
}

/** Where client-side apply had left its note, the note is kept right. */
function withLastApplied(object: Json, configuration: Json): Json {
  if (lastAppliedOf(object) === undefined) return object
  const metadata = object.metadata as Json
  const annotations = metadata.annotations as Readonly<Record<string, string>>
  const note = `${canonicalJson(withoutNote(configuration))}\n`
  const others = Object.entries(annotations).filter(([name]) => name !== LAST_APPLIED)
  const bytes = others.reduce((sum, [name, value]) => sum + name.length + value.length, note.length)
  const text = bytes > MOST_ANNOTATION_BYTES ? '' : note
  return { ...object, metadata: { ...metadata, annotations: { ...annotations, [LAST_APPLIED]: text } } }
}

function withoutNote(configuration: Json): Json {
  const { metadata } = configuration
  if (!isRecord(metadata) || !isRecord(metadata.annotations)) return configuration
  const { [LAST_APPLIED]: _, ...annotations } = metadata.annotations
  return { ...configuration, metadata: { ...metadata, annotations } }
}

function conflictsOf({ manager, fields }: Conflict): ApplyConflict[] {
  const name = managerText(manager)
  return fields.paths().map(path => ({ manager: name, field: pathText(path) }))
}

/** `"kubelet" with subresource "status" using v1`; appliers have no version. */
function managerText({ manager, operation, apiVersion, subresource }: Manager): string {
  const name =
    JSON.stringify(manager) + (subresource ? ` with subresource ${JSON.stringify(subresource)}` : '')
  return operation === 'Update' ? `${name} using ${apiVersion}` : name
}

/** The message of a 409, in Kubernetes' words. */
export function conflictMessage(conflicts: readonly ApplyConflict[]): string {
  const [only] = conflicts
  if (only && conflicts.length === 1) {
    return `Apply failed with 1 conflict: conflict with ${only.manager}: ${only.field}`
  }
  const managers = [...new Set(conflicts.map(({ manager }) => manager))].sort()
  const lines = managers.flatMap(manager => [
    `conflicts with ${manager}:`,
    ...conflicts.filter(conflict => conflict.manager === manager).map(({ field }) => `- ${field}`),
  ])
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`
}

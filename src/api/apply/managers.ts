/**
 * Who manages which fields: `metadata.managedFields` as sets, and back. Mirrors apimachinery's
 * `managedfields/internal/managedfields.go`.
 */
import type { ObjectMeta } from '../object.ts'
import { EMPTY_SET, type FieldSet } from './field-set.ts'
import { decodeFieldsV1, encodeFieldsV1 } from './fields-v1.ts'

export type ManagedFieldsEntry = NonNullable<ObjectMeta['managedFields']>[number]

export type Operation = 'Apply' | 'Update'

/** What tells managers apart. Appliers are the same whatever version they apply with. */
export interface ManagerName {
  readonly manager: string
  readonly operation: Operation
  readonly apiVersion: string
  readonly subresource: string
}

export interface Manager extends ManagerName {
  readonly set: FieldSet
  /** RFC 3339; when it last took a field. */
  readonly time: string | undefined
  /** As it stood in the object: given back when nothing changed. */
  readonly entry?: ManagedFieldsEntry
}

/** Managers by {@link idOf}. */
export type Managers = ReadonlyMap<string, Manager>

export const NO_MANAGERS: Managers = new Map()

export function idOf({ manager, operation, apiVersion, subresource }: ManagerName): string {
  return `${operation}\0${manager}\0${subresource}\0${operation === 'Apply' ? '' : apiVersion}`
}

/** The managers of an object; undefined when an entry cannot be understood. */
export function decodeManagers(entries: readonly ManagedFieldsEntry[] | undefined): Managers | undefined {
  if (!entries || entries.length === 0) return NO_MANAGERS
  const managers = new Map<string, Manager>()
  for (const entry of entries) {
    const { operation, fieldsType = 'FieldsV1', fieldsV1, apiVersion, manager = '', subresource = '' } = entry
    if (operation !== 'Apply' && operation !== 'Update') return undefined
    if (fieldsType !== 'FieldsV1' || !apiVersion) return undefined
    const set = fieldsV1 === undefined || fieldsV1 === null ? EMPTY_SET : decodeFieldsV1(fieldsV1)
    if (!set) return undefined
    const decoded: Manager = { manager, operation, apiVersion, subresource, set, time: entry.time, entry }
    managers.set(idOf(decoded), decoded)
  }
  return managers
}

/** The managers as an object keeps them: appliers first, then by time. Undefined when there are none. */
export function encodeManagers(
  managers: Managers,
  old: readonly ManagedFieldsEntry[] | undefined,
): ManagedFieldsEntry[] | undefined {
  if (managers.size === 0) return undefined
  const entries = [...managers.values()].sort(byAge).map(entryOf)
  const isSame = old?.length === entries.length && entries.every((entry, i) => entry === old[i])
  return isSame ? (old as ManagedFieldsEntry[]) : entries
}

function entryOf({
  manager,
  operation,
  apiVersion,
  subresource,
  set,
  time,
  entry,
}: Manager): ManagedFieldsEntry {
  const fieldsV1 = encodeFieldsV1(set)
  if (entry && entry.fieldsV1 === fieldsV1 && entry.time === time && entry.apiVersion === apiVersion)
    return entry
  return Object.freeze({
    apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1: fieldsV1 as object,
    manager,
    operation,
    ...(subresource && { subresource }),
    ...(time && { time }),
  })
}

function byAge(a: Manager, b: Manager): number {
  return (
    compareText(a.operation, b.operation) ||
    compareText(a.time ?? '', b.time ?? '') ||
    compareText(a.manager, b.manager) ||
    compareText(a.apiVersion, b.apiVersion) ||
    compareText(a.subresource, b.subresource)
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * Objects as a table: what the API server sends kubectl when asked for `as=Table`, and what every view draws.
 */
import type { AnyKind, Column } from './define-kind.ts'
import { age } from './duration.ts'
import type { KubeObject } from './object.ts'

export type Cell = string | number | boolean

/** A column without the function that fills it. */
export type TableColumn = Omit<Column<KubeObject>, 'cell'>

export interface TableRow {
  /** One a column, in their order. */
  readonly cells: readonly Cell[]
  readonly object: KubeObject
}

export interface Table {
  readonly columns: readonly TableColumn[]
  readonly rows: readonly TableRow[]
}

const NAME: Column<KubeObject> = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name must be unique within a namespace.',
  priority: 0,
  cell: object => object.metadata.name,
}

const AGE: Column<KubeObject> = {
  name: 'Age',
  type: 'string',
  description: 'CreationTimestamp is a timestamp representing the server time when this object was created.',
  priority: 0,
  cell: (object, nowMs) => age(object.metadata.creationTimestamp, nowMs),
}

/**
 * A table of objects of one kind, in their order. Name comes first, and Age last of the columns that are always
 * shown (before those of `-o wide`), unless the kind's columns are complete.
 */
export function table(kind: AnyKind, objects: readonly KubeObject[], nowMs: number): Table {
  const columns = columnsOf(kind)
  return {
    columns,
    rows: objects.map(object => ({ cells: columns.map(column => column.cell(object, nowMs)), object })),
  }
}

/** Every column of a kind's table, Name and Age among them. */
export function columnsOf(kind: AnyKind): readonly Column<KubeObject>[] {
  const columns = kind.columns as readonly Column<KubeObject>[]
  if (kind.columnsAreComplete) return columns
  const isAlwaysShown = (column: Column<KubeObject>) => column.priority === 0
  return [NAME, ...columns.filter(isAlwaysShown), AGE, ...columns.filter(column => !isAlwaysShown(column))]
}

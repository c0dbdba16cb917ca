/**
 * Objects as clients asked for them: as Tables with the kind's columns, as metadata only, or as they are. Mirrors
 * `handlers/response.go`.
 */
import { type AnyKind, columnsOf, type KubeObject, table } from '../api/index.ts'
import { jsonOf, jsonWithArray, type Part } from './json-text.ts'
import type { Form } from './negotiate.ts'

/** What of each object a Table carries along. */
export type IncludeObject = 'Metadata' | 'Object' | 'None'

interface ListLike {
  readonly metadata: object
  readonly items: readonly KubeObject[]
}

/** `value` (an object of the kind, a list of them, or a Status) in a form. */
export function shaped(
  kind: AnyKind,
  value: unknown,
  form: Form,
  include: IncludeObject,
  nowMs: number,
): unknown {
  const isOfKind = isObject(value) && value.kind === kind.kind
  const isList = isObject(value) && Array.isArray(value.items)
  if (!isOfKind && !isList) return value
  if (form.shape === 'object') {
    return isList && !kind.definedBy ? withoutTypes(value as unknown as ListLike) : value
  }
  const apiVersion = `meta.k8s.io/${form.metaVersion}`
  if (form.shape === 'partial') {
    if (!isList) return partial(value as unknown as KubeObject, apiVersion)
    const list = value as unknown as ListLike
    return {
      kind: 'PartialObjectMetadataList',
      apiVersion,
      metadata: list.metadata,
      items: list.items.map(item => partial(item, apiVersion)),
    }
  }
  const items = isList ? (value as unknown as ListLike).items : [value as unknown as KubeObject]
  const metadata = isList
    ? (value as unknown as ListLike).metadata
    : { resourceVersion: (value as unknown as KubeObject).metadata.resourceVersion }
  return tableOf(kind, items, { metadata, apiVersion, include, nowMs, hasColumns: true })
}

/**
 * The JSON of what {@link shaped} gives, in pieces: objects that others have asked for are not written again.
 */
export function piecesOf(
  kind: AnyKind,
  value: unknown,
  form: Form,
  include: IncludeObject,
  nowMs: number,
): Iterable<string> {
  if (!isObject(value) || !Array.isArray(value.items)) {
    if (form.shape === 'object' && isObject(value) && value.kind === kind.kind) {
      return [`${jsonOf(value as unknown as KubeObject, 'whole')}\n`]
    }
    return [`${JSON.stringify(shaped(kind, value, form, include, nowMs))}\n`]
  }
  const { items, ...head } = value as unknown as ListLike
  const version = form.metaVersion === 'v1beta1' ? 'v1beta1' : 'v1'
  if (form.shape === 'object') {
    return jsonWithArray(head, 'items', textsOf(items, kind.definedBy ? 'whole' : 'untyped'))
  }
  const apiVersion = `meta.k8s.io/${form.metaVersion}`
  if (form.shape === 'partial') {
    const { metadata } = head
    return jsonWithArray(
      { kind: 'PartialObjectMetadataList', apiVersion, metadata },
      'items',
      textsOf(items, version),
    )
  }
  const request = { metadata: head.metadata, apiVersion, include, nowMs, hasColumns: true }
  const { rows } = table(kind, items, nowMs)
  const carriedAs = include === 'Object' ? 'whole' : version
  return jsonWithArray(
    tableHead(kind, request),
    'rows',
    rowTexts(rows, include === 'None' ? undefined : carriedAs),
  )
}

function* textsOf(items: readonly KubeObject[], part: Part): Iterable<string> {
  for (const item of items) yield jsonOf(item, part)
}

function* rowTexts(
  rows: readonly { readonly cells: readonly unknown[]; readonly object: KubeObject }[],
  part: Part | undefined,
): Iterable<string> {
  for (const { cells, object } of rows) {
    yield `{"cells":${JSON.stringify(cells)},"object":${part ? jsonOf(object, part) : 'null'}}`
  }
}

export interface TableRequest {
  readonly metadata: object
  /** `meta.k8s.io/v1` */
  readonly apiVersion: string
  readonly include: IncludeObject
  readonly nowMs: number
  /** A watch names its columns once, in its first table. */
  readonly hasColumns: boolean
}

/** A `meta.k8s.io` Table of objects. */
export function tableOf(kind: AnyKind, objects: readonly KubeObject[], request: TableRequest): object {
  const { apiVersion, include, nowMs } = request
  const { rows } = table(kind, objects, nowMs)
  return {
    ...tableHead(kind, request),
    rows: rows.map(({ cells, object }) => ({ cells, object: carried(object, apiVersion, include) })),
  }
}

function tableHead(kind: AnyKind, { metadata, apiVersion, hasColumns }: TableRequest): object {
  return {
    kind: 'Table',
    apiVersion,
    metadata,
    columnDefinitions: hasColumns
      ? columnsOf(kind).map(({ name, type, format = '', description = '', priority }) => ({
          name,
          type,
          format,
          description,
          priority,
        }))
      : null,
  }
}

function carried(object: KubeObject, apiVersion: string, include: IncludeObject): object | null {
  if (include === 'Object') return object
  return include === 'None' ? null : partial(object, apiVersion)
}

/** Metadata only. */
export function partial(object: KubeObject, apiVersion: string): object {
  return { kind: 'PartialObjectMetadata', apiVersion, metadata: object.metadata }
}

/** Items of a built-in kind do not repeat the list's kind and version; those of a custom resource do. */
function withoutTypes(list: ListLike): object {
  return {
    ...list,
    items: list.items.map(item => ({ ...item, kind: undefined, apiVersion: undefined })),
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

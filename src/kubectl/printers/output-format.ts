/**
 * `-o`: how objects are printed. Tables are made by the kinds' columns, as the server makes them.
 */
import { type AnyKind, type KubeObject, table } from '../../api/index.ts'
import { KubectlError } from '../kubectl-error.ts'
import { customColumns, parseCustomColumns } from './custom-columns.ts'
import { toJson } from './json.ts'
import { renderJsonPath } from './jsonpath.ts'
import { textTable } from './text-table.ts'
import { toYaml } from './yaml.ts'

export type OutputFormat =
  | { readonly type: 'table'; readonly isWide: boolean }
  | { readonly type: 'name' | 'yaml' | 'json' }
  | { readonly type: 'jsonpath'; readonly template: string }
  | { readonly type: 'custom-columns'; readonly spec: string; readonly hasHeader: boolean }

const FORMATS =
  'custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,wide,yaml'

/** Reads `-o`. Throws KubectlError for formats that nobody knows or that are not modelled (Go templates). */
export function parseOutputFormat(
  text: string | undefined,
  readFile: (path: string) => string | undefined,
  hasHeader = true,
): OutputFormat {
  if (text === undefined || text === '') return { type: 'table', isWide: false }
  const equals = text.indexOf('=')
  const name = equals < 0 ? text : text.slice(0, equals)
  const argument = equals < 0 ? undefined : text.slice(equals + 1)
  switch (name) {
    case 'wide':
      return { type: 'table', isWide: true }
    case 'yaml':
    case 'json':
    case 'name':
      return { type: name }
    case 'jsonpath':
    case 'jsonpath-file':
      if (!argument) throw new KubectlError('error: template format specified but no template given')
      return { type: 'jsonpath', template: name === 'jsonpath' ? argument : fileText(argument, readFile) }
    case 'custom-columns':
    case 'custom-columns-file': {
      if (!argument)
        throw new KubectlError('error: custom-columns format specified but no custom columns given')
      const spec = name === 'custom-columns' ? argument : fileText(argument, readFile)
      parseCustomColumns(spec)
      return { type: 'custom-columns', spec, hasHeader }
    }
    case 'go-template':
    case 'go-template-file':
    case 'template':
    case 'templatefile':
      throw new KubectlError('error: Go templates are not modelled; use -o jsonpath or -o custom-columns')
    default:
      throw new KubectlError(
        `error: unable to match a printer suitable for the output format ${JSON.stringify(text)}, allowed formats are: ${FORMATS}`,
      )
  }
}

function fileText(path: string, readFile: (path: string) => string | undefined): string {
  const text = readFile(path)
  if (text === undefined) throw new KubectlError(`error: open ${path}: no such file or directory`)
  return text.trim()
}

/** Objects in every format but the table. `isList` wraps them into a List. YAML and JSON leave managed fields out. */
export function printObjects(
  format: Exclude<OutputFormat, { type: 'table' }>,
  objects: readonly { kind: AnyKind; object: KubeObject }[],
  isList: boolean,
  showsManagedFields = false,
): string {
  if (format.type === 'name') {
    return objects.map(({ kind, object }) => `${resourceName(kind)}/${object.metadata.name}\n`).join('')
  }
  const isWhole = showsManagedFields || (format.type !== 'yaml' && format.type !== 'json')
  const items = objects.map(({ object }) => (isWhole ? object : withoutManagedFields(object)))
  if (format.type === 'custom-columns') return customColumns(format.spec, items, format.hasHeader)
  const value = isList
    ? { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } }
    : items[0]
  if (format.type === 'jsonpath') return renderJsonPath(format.template, value)
  return format.type === 'yaml' ? toYaml(value) : toJson(value)
}

function withoutManagedFields(object: KubeObject): KubeObject {
  if (object.metadata?.managedFields === undefined) return object
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata }
}

export interface TableOptions {
  readonly isWide: boolean
  readonly hasHeader: boolean
  /** Put NAMESPACE first. */
  readonly hasNamespace: boolean
  readonly showLabels: boolean
  /** `-L`: labels that get a column of their own. */
  readonly labelColumns: readonly string[]
  /** `pod/web` rather than `web`. */
  readonly hasKind: boolean
}

/** A table of one kind, with its newlines; '' for no objects. */
export function printTable(
  kind: AnyKind,
  objects: readonly KubeObject[],
  nowMs: number,
  options: TableOptions,
): string {
  const { columns, rows } = table(kind, objects, nowMs)
  const shown = columns
    .map((column, i) => ({ column, i }))
    .filter(({ column }) => options.isWide || column.priority === 0)
  const header = [
    ...(options.hasNamespace && kind.isNamespaced ? ['NAMESPACE'] : []),
    ...shown.map(({ column }) => column.name.toUpperCase()),
    ...options.labelColumns.map(label => label.split('/').at(-1)!.toUpperCase()),
    ...(options.showLabels ? ['LABELS'] : []),
  ]
  const lines = rows.map(({ cells, object }) => {
    const { namespace = '', labels = {} } = object.metadata
    return [
      ...(options.hasNamespace && kind.isNamespaced ? [namespace] : []),
      ...shown.map(({ column, i }) => {
        const text = String(cells[i] ?? '')
        return options.hasKind && column.name === 'Name' ? `${resourceName(kind)}/${text}` : text
      }),
      ...options.labelColumns.map(label => labels[label] ?? ''),
      ...(options.showLabels ? [formatLabels(labels)] : []),
    ]
  })
  return textTable(options.hasHeader ? [header, ...lines] : lines)
    .map(line => `${line}\n`)
    .join('')
}

function resourceName(kind: AnyKind): string {
  return kind.group ? `${kind.singular}.${kind.group}` : kind.singular
}

function formatLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.keys(labels).sort()
  return pairs.length === 0 ? '<none>' : pairs.map(key => `${key}=${labels[key]}`).join(',')
}

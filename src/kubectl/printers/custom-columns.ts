/**
 * `-o custom-columns=NAME:.metadata.name,...`.
 */
import { type KubeObject, printedValue } from '../../api/index.ts'
import { KubectlError } from '../kubectl-error.ts'
import { selectPath } from './jsonpath.ts'
import { textTable } from './text-table.ts'

interface CustomColumn {
  readonly header: string
  readonly path: string
}

/** Reads the specification. Throws KubectlError. */
export function parseCustomColumns(spec: string): CustomColumn[] {
  return spec.split(',').map(part => {
    const colon = part.indexOf(':')
    if (colon < 1 || colon === part.length - 1) {
      throw new KubectlError(
        `error: unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`,
      )
    }
    return { header: part.slice(0, colon), path: part.slice(colon + 1) }
  })
}

/** The table, with its newlines. */
export function customColumns(spec: string, objects: readonly KubeObject[], hasHeader: boolean): string {
  const columns = parseCustomColumns(spec)
  const rows = objects.map(object =>
    columns.map(column => {
      const values = selectPath(column.path, object)
      return values.length === 0 ? '<none>' : values.map(value => printedValue(value) || '<nil>').join(',')
    }),
  )
  return textTable(hasHeader ? [columns.map(column => column.header), ...rows] : rows)
    .map(line => `${line}\n`)
    .join('')
}

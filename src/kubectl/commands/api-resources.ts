/** `kubectl api-resources` and `kubectl api-versions`: what the server has. */
import { type AnyKind, preferredKinds, verbsOf } from '../../api/index.ts'
import type { Command } from '../context.ts'
import { KubectlError } from '../kubectl-error.ts'
import { textTable } from '../printers/text-table.ts'

export const API_RESOURCES: Command = {
  name: 'api-resources',
  flags: [
    { name: 'output', short: 'o', type: 'string' },
    { name: 'namespaced', type: 'boolean' },
    { name: 'api-group', type: 'string' },
    { name: 'no-headers', type: 'boolean' },
    { name: 'sort-by', type: 'string' },
    { name: 'verbs', type: 'list' },
    { name: 'categories', type: 'list' },
  ],
  *run({ args, context, output }) {
    const { flags } = args
    const format = flags.text('output') ?? ''
    if (!['', 'name', 'wide'].includes(format)) {
      throw new KubectlError(`error: --output ${format} is not available`)
    }
    const group = flags.text('api-group')
    const kinds = preferredKinds(context.scheme).filter(
      kind =>
        (!flags.has('namespaced') || kind.isNamespaced === flags.isSet('namespaced')) &&
        (group === undefined || kind.group === group) &&
        flags.list('verbs').every(verb => verbsOf(kind).includes(verb)) &&
        flags.list('categories').every(category => kind.categories.includes(category)),
    )
    const sorted = kinds.sort(comparator(flags.text('sort-by')))
    if (format === 'name') {
      for (const { plural, group } of sorted) output.out(`${group ? `${plural}.${group}` : plural}\n`)
      return
    }
    const rows = sorted.map(kind => row(kind, format === 'wide'))
    const header = ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND']
    if (format === 'wide') header.push('VERBS', 'CATEGORIES')
    const lines = textTable(flags.isSet('no-headers') ? rows : [header, ...rows])
    output.out(lines.map(line => `${line}\n`).join(''))
  },
}

function row(kind: AnyKind, isWide: boolean): string[] {
  const { plural, shortNames, apiVersion, isNamespaced, categories } = kind
  const cells = [plural, shortNames.join(','), apiVersion, `${isNamespaced}`, kind.kind]
  return isWide ? [...cells, [...verbsOf(kind)].sort().join(','), categories.join(',')] : cells
}

function comparator(sortBy: string | undefined): (a: AnyKind, b: AnyKind) => number {
  const key = (kind: AnyKind) =>
    sortBy === 'kind' ? kind.kind : sortBy === 'name' ? kind.plural : `${kind.group}\0${kind.plural}`
  return (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)
}

export const API_VERSIONS: Command = {
  name: 'api-versions',
  flags: [],
  *run({ context, output }) {
    const versions = new Set(context.scheme.kinds.map(kind => kind.apiVersion))
    for (const version of [...versions].sort()) output.out(`${version}\n`)
  },
}

import { expect, test } from 'vitest'
import { type Column, defineKind } from './define-kind.ts'
import type { KubeObject } from './object.ts'
import { table } from './table.ts'

const column = (name: string, priority: 0 | 1): Column<KubeObject> => ({
  name,
  type: 'string',
  priority,
  cell: object => `${name} of ${object.metadata.name}`,
})
const base = {
  group: '',
  version: 'v1',
  kind: 'Thing',
  plural: 'things',
  singular: 'thing',
  isNamespaced: true,
}
const object: KubeObject = {
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { name: 'a', uid: 'u', resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' },
}
const nowMs = Date.parse('2026-01-01T00:05:30Z')

test('a table begins with Name and has Age before the wide columns', () => {
  const { columns, rows } = table(
    defineKind({ ...base, columns: [column('Ready', 0), column('IP', 1)] }),
    [object],
    nowMs,
  )
  expect(columns.map(one => one.name)).toEqual(['Name', 'Ready', 'Age', 'IP'])
  expect(rows).toEqual([{ cells: ['a', 'Ready of a', '5m30s', 'IP of a'], object }])
})

test('complete columns are left alone', () => {
  const kind = defineKind({ ...base, columns: [column('Last Seen', 0)], columnsAreComplete: true })
  expect(table(kind, [], nowMs).columns.map(one => one.name)).toEqual(['Last Seen'])
})

test('a kind without columns has a name and an age', () => {
  expect(table(defineKind(base), [object], nowMs).rows[0]?.cells).toEqual(['a', '5m30s'])
})

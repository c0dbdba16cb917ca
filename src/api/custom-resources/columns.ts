/** The columns that a custom resource's definition names. Mirrors `pkg/registry/customresource/tableconvertor`. */
import type { CustomResourceColumnDefinition } from 'kubernetes-types/apiextensions/v1.js'
import type { Column } from '../define-kind.ts'
import { age } from '../duration.ts'
import { printedValue, selectPath } from '../json-path/index.ts'
import type { KubeObject } from '../object.ts'

const NAME: Column<KubeObject> = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name must be unique within a namespace.',
  priority: 0,
  cell: object => object.metadata.name,
}

const AGE: CustomResourceColumnDefinition = {
  name: 'Age',
  type: 'date',
  description: 'CreationTimestamp is a timestamp representing the server time when this object was created.',
  jsonPath: '.metadata.creationTimestamp',
}

/** Name, then what the version wants shown, or Age. */
export function customColumns(
  wanted: readonly CustomResourceColumnDefinition[] = [],
): readonly Column<KubeObject>[] {
  return [NAME, ...(wanted.length > 0 ? wanted : [AGE]).map(columnOf)]
}

function columnOf(wanted: CustomResourceColumnDefinition): Column<KubeObject> {
  const { name, type, format, description, priority = 0, jsonPath } = wanted
  return {
    name,
    type: type as Column<KubeObject>['type'],
    ...(format && { format }),
    ...(description && { description }),
    priority: priority > 0 ? 1 : 0,
    cell: (object, nowMs) => cell(selectPath(jsonPath, object), type, nowMs),
  }
}

/** One value as its type wants it, several with commas between, '' for none or another type. */
function cell(values: readonly unknown[], type: string, nowMs: number): string | number | boolean {
  const [first] = values
  if (values.length === 0 || first === undefined || first === null) return ''
  switch (type) {
    case 'integer':
      return typeof first === 'number' ? Math.trunc(first) : ''
    case 'number':
      return typeof first === 'number' ? first : ''
    case 'boolean':
      return typeof first === 'boolean' ? first : ''
    case 'date':
      if (typeof first !== 'string') return ''
      return Number.isNaN(Date.parse(first)) ? '<invalid>' : age(first, nowMs)
    default:
      return values.map(printedValue).join(',')
  }
}

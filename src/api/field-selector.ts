/**
 * Field selectors: `spec.nodeName=node-1,status.phase!=Running`. Mirrors `k8s.io/apimachinery/pkg/fields` and the
 * conversion functions that say which fields of a kind may be selected by.
 */
import type { AnyKind } from './define-kind.ts'
import { SelectorError } from './label-selector-parser.ts'
import type { KubeObject } from './object.ts'

export interface FieldRequirement {
  readonly field: string
  readonly operator: '=' | '!='
  readonly value: string
}

/** A field selector of one kind, ready to use. */
export interface FieldMatcher {
  matches(object: KubeObject): boolean
  readonly requirements: readonly FieldRequirement[]
  /** The value that `field` must have, when the selector demands one: what an index can be asked for. */
  exact(field: string): string | undefined
}

/** Reads a selector; '' has no requirements. Throws {@link SelectorError}. */
export function parseFieldSelector(text: string): readonly FieldRequirement[] {
  // Commas and equal signs in a value are written with a backslash.
  const terms = text.match(/(?:\\.|[^,\\])+\\?|\\/gs) ?? []
  return terms.sort().map(term => {
    const at = term.search(/!=|=/)
    if (at < 0) throw new SelectorError(`invalid selector: '${text}'; can't understand '${term}'`)
    const operator = term[at] === '!' ? '!=' : '='
    const isTwoLong = operator === '!=' || term[at + 1] === '='
    return { field: term.slice(0, at), operator, value: unescaped(term.slice(at + (isTwoLong ? 2 : 1))) }
  })
}

function unescaped(value: string): string {
  const bad = /^(?:\\[\\,=]|[^\\,=])*(\\.?|[,=])/su.exec(value)?.[1]
  const isEscape = bad?.startsWith('\\')
  if (bad && isEscape && !/^\\[\\,=]/.test(bad)) {
    throw new SelectorError(`invalid field selector: invalid escape sequence: ${bad}`)
  }
  if (bad && !isEscape) {
    throw new SelectorError(`invalid field selector: unescaped character in value: ${bad.codePointAt(0)}`)
  }
  return value.replace(/\\([\\,=])/g, '$1')
}

/** The selector as a string again, for a request. */
export function formatFieldSelector(requirements: readonly FieldRequirement[]): string {
  return requirements
    .map(({ field, operator, value }) => `${field}${operator}${value.replace(/[\\,=]/g, '\\$&')}`)
    .join(',')
}

/**
 * Compiles a selector for a kind. Fields it does not know, beside metadata.name and metadata.namespace, are
 * refused. Throws {@link SelectorError}.
 */
export function fieldSelector(kind: AnyKind, text: string): FieldMatcher {
  const requirements = parseFieldSelector(text)
  const tests = requirements.map(({ field, operator, value }) => {
    const read = readerOf(kind, field)
    return operator === '=' ? (o: KubeObject) => read(o) === value : (o: KubeObject) => read(o) !== value
  })
  return {
    matches(object) {
      for (const test of tests) if (!test(object)) return false
      return true
    },
    requirements,
    exact: field => requirements.find(r => r.field === field && r.operator === '=')?.value,
  }
}

function readerOf(kind: AnyKind, field: string): (object: KubeObject) => string {
  if (field === 'metadata.name') return object => object.metadata.name
  if (field === 'metadata.namespace') return object => object.metadata.namespace ?? ''
  const fields = kind.selectableFields ?? {}
  if (Object.hasOwn(fields, field)) return fields[field]!
  if (Object.keys(fields).length > 0) throw new SelectorError(`field label not supported: ${field}`)
  const known = 'only "metadata.name", "metadata.namespace"'
  throw new SelectorError(`${JSON.stringify(field)} is not a known field selector: ${known}`)
}

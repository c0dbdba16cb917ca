import { describe, expect, test } from 'vitest'
import { defineKind } from './define-kind.ts'
import { fieldSelector, formatFieldSelector, parseFieldSelector } from './field-selector.ts'
import type { KubeObject } from './object.ts'

interface Thing extends KubeObject {
  spec: { nodeName?: string }
}
const Things = defineKind<Thing>({
  group: '',
  version: 'v1',
  kind: 'Thing',
  plural: 'things',
  singular: 'thing',
  isNamespaced: true,
  selectableFields: { 'spec.nodeName': thing => thing.spec.nodeName ?? '' },
})
const Plain = defineKind({
  group: '',
  version: 'v1',
  kind: 'Plain',
  plural: 'plains',
  singular: 'plain',
  isNamespaced: true,
})

const thing: Thing = {
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { name: 'a', namespace: 'ns', uid: 'u', resourceVersion: '1', creationTimestamp: '' },
  spec: { nodeName: 'n1' },
}

describe('a field selector', () => {
  test.each([
    ['', true],
    ['metadata.name=a', true],
    ['metadata.name==b', false],
    ['metadata.namespace!=ns', false],
    ['spec.nodeName=n1,metadata.name=a', true],
    ['spec.nodeName!=', true],
    [',metadata.name=a,', true],
  ])('%j: %j', (text, matches) => {
    expect(fieldSelector(Things, text).matches(thing)).toBe(matches)
  })

  test('tells the value an index can be asked for', () => {
    const selector = fieldSelector(Things, 'spec.nodeName=n1,metadata.name!=x')
    expect(selector.exact('spec.nodeName')).toBe('n1')
    expect(selector.exact('metadata.name')).toBeUndefined()
  })

  test('reads back what was written, whatever the value', () => {
    for (const value of ['', 'a', 'a,b', 'a=b', 'a\\b', '\\,=']) {
      const requirements = [{ field: 'x', operator: '=' as const, value }]
      expect(parseFieldSelector(formatFieldSelector(requirements))).toEqual(requirements)
    }
  })

  test.each([
    ['foo', "invalid selector: 'foo'; can't understand 'foo'"],
    ['a=b\\x', 'invalid field selector: invalid escape sequence: \\x'],
    ['a=b\\', 'invalid field selector: invalid escape sequence: \\'],
    ['a=b=c', 'invalid field selector: unescaped character in value: 61'],
    ['spec.foo=x', 'field label not supported: spec.foo'],
  ])('%j is refused', (text, message) => {
    expect(() => fieldSelector(Things, text)).toThrow(message)
  })

  test('by a field of a kind that has none is refused', () => {
    expect(() => fieldSelector(Plain, 'spec.x=1')).toThrow(
      '"spec.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
    )
  })
})

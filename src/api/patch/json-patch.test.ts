import { describe, expect, test } from 'vitest'
import { applyJsonPatch } from './json-patch.ts'

describe('JSON patch', () => {
  test.each<[string, unknown, unknown[], unknown]>([
    ['adds a field', { a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
    ['inserts into a list', [1, 3], [{ op: 'add', path: '/1', value: 2 }], [1, 2, 3]],
    ['appends to a list', [1], [{ op: 'add', path: '/-', value: 2 }], [1, 2]],
    ['replaces below', { a: [{ b: 1 }] }, [{ op: 'replace', path: '/a/0/b', value: 2 }], { a: [{ b: 2 }] }],
    ['replaces the whole', { a: 1 }, [{ op: 'replace', path: '', value: [] }], []],
    ['removes a field', { a: 1, b: 2 }, [{ op: 'remove', path: '/a' }], { b: 2 }],
    ['removes from a list', [1, 2, 3], [{ op: 'remove', path: '/1' }], [1, 3]],
    ['counts from the end', [1, 2, 3], [{ op: 'remove', path: '/-1' }], [1, 2]],
    ['moves', { a: 1 }, [{ op: 'move', from: '/a', path: '/b' }], { b: 1 }],
    ['copies', { a: [1] }, [{ op: 'copy', from: '/a', path: '/b' }], { a: [1], b: [1] }],
    ['tests', { a: { b: [1] } }, [{ op: 'test', path: '/a', value: { b: [1] } }], { a: { b: [1] } }],
    ['takes what is absent for null', {}, [{ op: 'test', path: '/a', value: null }], {}],
    [
      'unescapes paths',
      { 'a/b': 1, 'm~n': 2 },
      [
        { op: 'remove', path: '/a~1b' },
        { op: 'remove', path: '/m~0n' },
      ],
      {},
    ],
    ['sets a null', {}, [{ op: 'add', path: '/a', value: null }], { a: null }],
  ])('%s', (_, document, patch, expected) => {
    const before = structuredClone(document)
    expect(applyJsonPatch(document, patch)).toEqual(expected)
    expect(document).toEqual(before)
  })

  test.each<[unknown, unknown, string]>([
    [{}, [{ op: 'test', path: '/a', value: 1 }], 'testing value /a failed: test failed'],
    [
      {},
      [{ op: 'replace', path: '/a', value: 1 }],
      'replace operation does not apply: doc is missing key: /a: missing value',
    ],
    [
      {},
      [{ op: 'replace', path: '/a/b', value: 1 }],
      'replace operation does not apply: doc is missing path: /a/b: missing value',
    ],
    [
      {},
      [{ op: 'add', path: '/a/b', value: 1 }],
      'add operation does not apply: doc is missing path: "/a/b": missing value',
    ],
    [
      {},
      [{ op: 'remove', path: '/a' }],
      "error in remove for path: '/a': Unable to remove nonexistent key: a: missing value",
    ],
    [
      [1],
      [{ op: 'add', path: '/5', value: 1 }],
      'Unable to access invalid index: 5: invalid index referenced',
    ],
    [{}, [{ op: 'frob', path: '/a' }], 'Unexpected kind: frob'],
    [{}, { op: 'add' }, 'json: cannot unmarshal object into Go value of type jsonpatch.Patch'],
  ])('%j with %j is refused', (document, patch, message) => {
    expect(() => applyJsonPatch(document, patch)).toThrow(message)
  })
})

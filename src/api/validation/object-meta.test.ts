import type { LabelSelector, ObjectMeta } from 'kubernetes-types/meta/v1.js'
import { describe, expect, test } from 'vitest'
import type { FieldError } from '../field-error.ts'
import { validateLabelSelector } from './label-selector.ts'
import { isDns1123Subdomain } from './names.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from './object-meta.ts'

const namespaced = { isNamespaced: true, nameRule: isDns1123Subdomain }
const texts = (errors: FieldError[]) => errors.map(error => `${error.field}: ${error.message}`)

describe('metadata on creation', () => {
  test('is fine with a name and a namespace', () => {
    const metadata = {
      name: 'web',
      namespace: 'default',
      labels: { app: 'web', 'app.kubernetes.io/name': '' },
      annotations: { 'Example.com/Note': 'anything at all' },
      finalizers: ['foregroundDeletion', 'example.com/mine'],
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'r', uid: 'u', controller: true }],
    }
    expect(validateObjectMeta(metadata, namespaced)).toEqual([])
  })

  test.each<[ObjectMeta, string[]]>([
    [
      {},
      [
        'metadata.name: Required value: name or generateName is required',
        'metadata.namespace: Required value',
      ],
    ],
    [{ name: 'a', namespace: 'a.b' }, ['metadata.namespace: Invalid value: "a.b": must not contain dots']],
    [
      { name: 'a', namespace: 'b', finalizers: ['mine'] },
      [
        'metadata.finalizers[0]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
      ],
    ],
    [
      { name: 'a', namespace: 'b', finalizers: ['orphan', 'foregroundDeletion'] },
      [
        'metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set',
      ],
    ],
    [
      { name: 'a', namespace: 'b', ownerReferences: [{ apiVersion: '', kind: '', name: 'n', uid: 'u' }] },
      [
        'metadata.ownerReferences[0].apiVersion: Required value: must not be empty',
        'metadata.ownerReferences[0].kind: Required value: must not be empty',
      ],
    ],
    [
      { name: 'a', namespace: 'b', annotations: { x: 'é'.repeat(131_072) } },
      ['metadata.annotations: Too long: may not be more than 262144 bytes'],
    ],
    [
      { name: 'a', namespace: 'b', generation: -1 },
      ['metadata.generation: Invalid value: -1: must be greater than or equal to 0'],
    ],
  ])('%#', (metadata, expected) => {
    expect(texts(validateObjectMeta(metadata, namespaced))).toEqual(expected)
  })

  test('names the label value and not its key', () => {
    const [error] = validateObjectMeta({ name: 'a', namespace: 'b', labels: { app: 'a b' } }, namespaced)
    expect(error?.field).toBe('metadata.labels')
    expect(error?.message).toMatch(/^Invalid value: "a b": a valid label must be an empty string/)
  })

  test('refuses a namespace on a kind that has none', () => {
    const errors = validateObjectMeta({ name: 'a', namespace: 'b' }, { ...namespaced, isNamespaced: false })
    expect(texts(errors)).toEqual(['metadata.namespace: Forbidden: not allowed on this type'])
  })

  test('lets a generateName end in a dash', () => {
    const metadata = { name: 'web-abcde', generateName: 'web-', namespace: 'default' }
    expect(validateObjectMeta(metadata, namespaced)).toEqual([])
  })

  test('allows one controller', () => {
    const owner = { apiVersion: 'v1', kind: 'Pod', uid: 'u', controller: true }
    const metadata = {
      name: 'a',
      namespace: 'b',
      ownerReferences: [
        { ...owner, name: 'x' },
        { ...owner, name: 'y' },
      ],
    }
    expect(validateObjectMeta(metadata, namespaced)[0]?.message).toContain(
      'Only one reference can have Controller set to true. Found "true" in references for Pod/x and Pod/y',
    )
  })
})

describe('metadata on update', () => {
  const old: ObjectMeta = { name: 'a', namespace: 'b', uid: 'u', resourceVersion: '5', generation: 2 }

  test('may change its labels', () => {
    expect(validateObjectMetaUpdate({ ...old, labels: { a: 'b' } }, old)).toEqual([])
  })

  test.each<[ObjectMeta, ObjectMeta, string]>([
    [{ ...old, uid: 'v' }, old, 'metadata.uid: Invalid value: "v": field is immutable'],
    [{ ...old, name: 'z' }, old, 'metadata.name: Invalid value: "z": field is immutable'],
    [{ ...old, generation: 1 }, old, 'metadata.generation: Invalid value: 1: must not be decremented'],
    [
      { ...old, resourceVersion: '' },
      old,
      'metadata.resourceVersion: Invalid value: "": must be specified for an update',
    ],
    [
      { ...old, deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['a/b'] },
      { ...old, deletionTimestamp: '2026-01-01T00:00:00Z' },
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"a/b"}',
    ],
  ])('%#', (next, previous, expected) => {
    expect(texts(validateObjectMetaUpdate(next, previous))).toEqual([expected])
  })
})

describe('a label selector inside an object', () => {
  test.each<[LabelSelector, string[]]>([
    [{ matchLabels: { app: 'web' }, matchExpressions: [{ key: 'a', operator: 'Exists' }] }, []],
    [
      { matchExpressions: [{ key: 'a', operator: 'In' }] },
      ["s.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'"],
    ],
    [
      { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['x'] }] },
      [
        "s.matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      ],
    ],
    [
      { matchExpressions: [{ key: 'a', operator: 'Near' }] },
      ['s.matchExpressions[0].operator: Invalid value: "Near": not a valid selector operator'],
    ],
  ])('%j', (selector, expected) => {
    expect(texts(validateLabelSelector(selector, 's'))).toEqual(expected)
  })
})

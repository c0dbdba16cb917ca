import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { toYaml } from './yaml.ts'

test('prints objects as kubectl does', () => {
  const object = {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { name: 'web', labels: {}, annotations: { a: 'true', b: '12', c: 'x: y', d: '' } },
    spec: {
      containers: [{ name: 'c', args: ['-c', '*', '- x', 'sleep 1; echo "hi"'], ports: [] }],
      nested: [[1, 2]],
    },
    data: { file: 'a\nb\n', end: 'a\nb', at: '2026-01-01T00:00:00Z', ip: '10.0.0.1', null: null },
  }
  expect(toYaml(object)).toBe(`apiVersion: v1
data:
  at: "2026-01-01T00:00:00Z"
  end: |-
    a
    b
  file: |
    a
    b
  ip: 10.0.0.1
  "null": null
kind: Pod
metadata:
  annotations:
    a: "true"
    b: "12"
    c: 'x: y'
    d: ""
  labels: {}
  name: web
spec:
  containers:
  - args:
    - -c
    - '*'
    - '- x'
    - sleep 1; echo "hi"
    name: c
    ports: []
  nested:
  - - 1
    - 2
`)
})

test('whatever it prints reads back the same', () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom('a\n', ' x', 'x ', '\na', 'a\n\n', 'yes', '0x1f', '1e3', '- a', '#', 'a #b', '"', "it's"),
  )
  const value = fc.letrec(tie => ({
    value: fc.oneof(
      { maxDepth: 3 },
      text,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      tie('list'),
      tie('record'),
    ),
    list: fc.array(tie('value'), { maxLength: 3 }),
    record: fc.dictionary(text, tie('value'), { maxKeys: 3 }),
  })).record
  fc.assert(
    fc.property(value, object => {
      expect(parse(toYaml(object), { version: '1.1' })).toEqual(object)
    }),
    { seed: 7, numRuns: 500 },
  )
})

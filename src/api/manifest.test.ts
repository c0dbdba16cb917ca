import { describe, expect, test } from 'vitest'
import { UserError } from '../sim/index.ts'
import { parseManifest } from './manifest.ts'

const HEADER = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n'
const readValue = (text: string) =>
  (parseManifest('a.yaml', `${HEADER}x: ${text}\n`)[0]!.object as unknown as { x: unknown }).x

test.each([
  ['yes', true],
  ['Off', false],
  ['y', true],
  ['010', 8],
  ['0o10', 8],
  ['0x1F', 31],
  ['0b11', 3],
  ['1_000', 1000],
  ['0888', 888],
  ['1e3', 1000],
  ['1:30', '1:30'],
  ['2020-01-01', '2020-01-01'],
  ['2020-01-01T00:00:00Z', '2020-01-01T00:00:00Z'],
  ['~', null],
  ['!!str 1', '1'],
  ['{1: one, yes: two}', { 1: 'one', true: 'two' }],
  ['{a: 1, a: 2}', { a: 2 }],
])('%s is read as kubectl reads it', (text, value) => {
  expect(readValue(text)).toEqual(value)
})

test('anchors and merge keys work', () => {
  expect(readValue('[&one {a: 1}, {<<: *one, b: 2}]')).toEqual([{ a: 1 }, { a: 1, b: 2 }])
})

test('several documents give several objects, with their places; empty ones none', () => {
  const text = `# first\n${HEADER}---\n# nothing\n---\n\n---\n${HEADER.replace('a}', 'b}')}`
  const objects = parseManifest('a.yaml', text)
  expect(objects.map(({ object, where }) => [object.metadata.name, where])).toEqual([
    ['a', 'a.yaml:2:1'],
    ['b', 'a.yaml:10:1'],
  ])
})

test('a List is expanded', () => {
  const text =
    'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n- apiVersion: v1\n  kind: Pod\n'
  const objects = parseManifest('a.yaml', text)
  expect(objects.map(({ object, where }) => [object.kind, object.metadata, where])).toEqual([
    ['Pod', { name: 'a' }, 'a.yaml:4:3'],
    ['Pod', {}, 'a.yaml:5:3'],
  ])
})

test('JSON is a manifest too', () => {
  const [one] = parseManifest('a.json', '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}')
  expect(one?.object).toEqual({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } })
})

test('no text, no objects', () => {
  expect(parseManifest('a.yaml', '')).toEqual([])
  expect(parseManifest('a.yaml', '---\n# only a comment\n')).toEqual([])
})

describe('what is no manifest is refused with its place', () => {
  test.each([
    ['kind: Pod\nmetadata:\n  name: a: b\n', 'a.yaml:3:9', 'error converting YAML to JSON: yaml:'],
    [`${HEADER}x: {a: 1\n`, 'a.yaml:5:1', 'error converting YAML to JSON: yaml:'],
    [`${HEADER}x: *nobody\n`, 'a.yaml:1:1', 'nobody'],
    [
      `${HEADER}---\napiVersion: v1\nmetadata: {name: a}\n`,
      'a.yaml:5:1',
      `Object 'Kind' is missing in '{"apiVersion":"v1","metadata":{"name":"a"}}'`,
    ],
    ['kind: Pod\n', 'a.yaml:1:1', `Object 'apiVersion' is missing in '{"kind":"Pod"}'`],
    [
      'just text\n',
      'a.yaml:1:1',
      'json: cannot unmarshal string into Go value of type unstructured.detector',
    ],
    [`${HEADER}x: !!binary aGk=\n`, 'a.yaml:4:4', 'binary'],
  ])('%j', (text, where, message) => {
    const refusal = (() => {
      try {
        return parseManifest('a.yaml', text)
      } catch (error) {
        return error
      }
    })()
    expect(refusal).toBeInstanceOf(UserError)
    expect((refusal as UserError).message).toContain(message)
    expect((refusal as UserError).where).toBe(where)
  })
})

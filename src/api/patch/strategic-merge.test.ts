import { describe, expect, test } from 'vitest'
import { semanticEqual } from '../deep-equal.ts'
import { isList, isRecord, type JsonRecord } from './json.ts'
import { mergeRulesOf } from './merge-keys.ts'
import recorded from './strategic-merge.cases.generated.json' with { type: 'json' }
import { applyStrategicMergePatch } from './strategic-merge.ts'

/** Made by scripts/record-patch-cases.ts. */
interface Case {
  readonly object: JsonRecord & { readonly kind: string }
  readonly patch: JsonRecord
  readonly result?: unknown
  readonly error?: string
}

const cases = recorded as unknown as readonly Case[]

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) frozen(part)
  return Object.freeze(value)
}

/** Directives inside new values: kubectl leaves them in, for decoding to drop. */
function withoutDirectives(value: unknown): unknown {
  if (isList(value)) return value.map(withoutDirectives)
  if (!isRecord(value)) return value
  const kept = Object.entries(value).filter(([key]) => key[0] !== '$')
  return Object.fromEntries(kept.map(([key, below]) => [key, withoutDirectives(below)]))
}

const apply = (object: Case['object'], patch: JsonRecord) =>
  applyStrategicMergePatch(frozen(object), frozen(patch), mergeRulesOf(object.kind)!)

describe('a strategic merge patch gives what kubectl gives', () => {
  test.each(cases.map((one, index) => [index, one.object.kind, one] as const))(
    'case %i: a %s',
    (_, __, one) => {
      if (one.error !== undefined) {
        expect(() => apply(one.object, one.patch)).toThrow(one.error.replace(/^error: /, ''))
        return
      }
      const [result, wanted] = [apply(one.object, one.patch), withoutDirectives(one.result)]
      if (!semanticEqual(result, wanted)) expect(result).toEqual(wanted)
    },
  )
})

test('what a patch does not touch is shared with the object', () => {
  const object = { kind: 'Pod', metadata: { labels: { a: '1' } }, spec: { containers: [{ name: 'a' }] } }
  const result = apply(object, { metadata: { labels: { b: '2' } } })
  expect(result).toEqual({ ...object, metadata: { labels: { a: '1', b: '2' } } })
  expect(result.spec).toBe(object.spec)
})

test('a kind that is not built in has no merge keys', () => {
  expect(mergeRulesOf('CronTab')).toBeUndefined()
  expect(mergeRulesOf('constructor')).toBeUndefined()
})

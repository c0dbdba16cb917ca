import { describe, expect, test } from 'vitest'
import {
  EVERYTHING,
  formatLabelSelector,
  formatLabels,
  labelSelector,
  labelSet,
  NOTHING,
  parseLabelSelector,
} from './selector.ts'

describe('a selector string', () => {
  test.each([
    ['', { a: 'x' }, true],
    ['a', { a: '' }, true],
    ['a', {}, false],
    ['constructor', {}, false],
    ['!a', {}, true],
    ['!a', { a: '' }, false],
    ['a=x', { a: 'x' }, true],
    ['a==x', { a: 'y' }, false],
    ['a=', { a: '' }, true],
    ['a!=x', {}, true],
    ['a!=x', { a: 'x' }, false],
    ['a in (x, y)', { a: 'y' }, true],
    ['a in (x,y)', {}, false],
    ['a in ()', { a: '' }, true],
    ['a notin (x)', {}, true],
    ['a notin (x)', { a: 'x' }, false],
    ['a=x,b=y', { a: 'x', b: 'y' }, true],
    ['a=x , b=y', { a: 'x' }, false],
    ['a>1', { a: '2' }, true],
    ['a<1', { a: 'two' }, false],
    ['in in (in,notin)', { in: 'notin' }, true],
  ])('%j against %j: %j', (text, labels, matches) => {
    expect(parseLabelSelector(text).matches(labels as Record<string, string>)).toBe(matches)
  })

  test('matches objects without labels when it asks for none', () => {
    expect(parseLabelSelector('!a').matches(undefined)).toBe(true)
  })

  test.each([
    ['tier in (b,a,b), app = web ,!x', 'app=web,tier in (a,b),!x'],
    ['b,a==c', 'a==c,b'],
    ['x notin (,a)', 'x notin (,a)'],
    ['n>5', 'n>5'],
  ])('%j is written as %j', (text, canonical) => {
    expect(parseLabelSelector(text).text).toBe(canonical)
  })

  test.each([
    ['a=b=c', "found '=', expected: ',' or 'end of string'"],
    ['a,', "found '', expected: identifier after ','"],
    [',a', "found ',', expected: !, identifier, or 'end of string'"],
    ['a in x', "unable to parse requirement: found 'x' expected: '('"],
    ['a in (x', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['!', "unable to parse requirement: found '', expected: identifier"],
    ['a=(', "unable to parse requirement: found '(', expected: identifier"],
    [
      'a>x',
      "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
    ['-a=b', 'unable to parse requirement: <nil>: Invalid value: "-a": name part must consist of'],
    ['a=b_', 'unable to parse requirement: values[0][a]: Invalid value: "b_": a valid label must be'],
  ])('%j is refused', (text, message) => {
    expect(() => parseLabelSelector(text)).toThrow(message)
  })
})

describe('a LabelSelector', () => {
  const selector = Object.freeze({
    matchLabels: { tier: 'front', app: 'web' },
    matchExpressions: [
      { key: 'env', operator: 'In', values: ['prod', 'dev'] },
      { key: 'canary', operator: 'DoesNotExist' },
    ],
  })

  test('demands all it says', () => {
    const { matches } = labelSelector(selector)
    expect(matches({ app: 'web', tier: 'front', env: 'dev' })).toBe(true)
    expect(matches({ app: 'web', tier: 'front', env: 'dev', canary: '' })).toBe(false)
    expect(matches({ app: 'web', env: 'dev' })).toBe(false)
  })

  test('is printed sorted by key', () => {
    expect(formatLabelSelector(selector)).toBe('app=web,!canary,env in (dev,prod),tier=front')
    expect(formatLabelSelector({})).toBe('<none>')
    expect(formatLabelSelector(undefined)).toBe('<none>')
  })

  test('is compiled once when frozen', () => {
    expect(labelSelector(selector)).toBe(labelSelector(selector))
  })

  test('matches everything when empty and nothing when absent', () => {
    expect(labelSelector({}).matches(undefined)).toBe(true)
    expect(labelSelector(undefined)).toBe(NOTHING)
    expect(NOTHING.matches({})).toBe(false)
    expect(EVERYTHING.matches({})).toBe(true)
  })

  test('with an unknown operator is refused', () => {
    const wrong = { matchExpressions: [{ key: 'a', operator: 'Near' }] }
    expect(() => labelSelector(wrong)).toThrow('"Near" is not a valid label selector operator')
  })
})

test('a plain map demands every pair', () => {
  expect(labelSet({ a: 'x', b: 'y' }).matches({ a: 'x', b: 'y', c: 'z' })).toBe(true)
  expect(labelSet({ a: 'x' }).matches({ a: 'y' })).toBe(false)
})

test('labels are printed sorted', () => {
  expect(formatLabels({ b: '2', a: '1' })).toBe('a=1,b=2')
  expect(formatLabels({})).toBe('<none>')
})

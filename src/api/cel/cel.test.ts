import { describe, expect, test } from 'vitest'
import { CelError, celValue, compileCel } from './index.ts'

const SELF = { count: 3, share: 0.5, name: 'web', list: [1, 2, 2], labels: { app: 'x' }, nothing: null }

const evaluate = (expression: string, self: unknown = SELF) =>
  compileCel(expression).evaluate({ self: celValue(self) })

describe('expressions with the libraries of Kubernetes', () => {
  test.each([
    ['self.count <= 5', true],
    ['self.count + 1 == 4', true],
    ['self.share < 1.0', true],
    ['has(self.other)', false],
    ['self.?other.orValue("none")', 'none'],
    ['self.nothing == null', true],
    ['self.list.all(x, x > 0)', true],
    ['self.list.sum() == 5', true],
    ['self.list.isSorted()', true],
    ['self.list.max() == 2 && self.list.min() == 1', true],
    ['self.list.indexOf(2) == 1 && self.list.lastIndexOf(2) == 2', true],
    ['["b", "a"].sort() == ["a", "b"]', true],
    ['"app" in self.labels', true],
    ['self.labels.all(k, self.labels[k] != "")', true],
    ['self.name.replace("w", "v")', 'veb'],
    ['self.name.charAt(1)', 'e'],
    ['self.name.lowerAscii() == "web"', true],
    ['"a1b22".find("[0-9]+")', '1'],
    ['"a1b22".findAll("[0-9]+") == ["1", "22"]', true],
    ['self.name.matches("^w.b$")', true],
    ['"%s has %d".format([self.name, self.count])', 'web has 3'],
    ['quantity("1Gi").isGreaterThan(quantity("900Mi"))', true],
    ['quantity("500m").add(quantity("500m")) == quantity("1")', true],
    ['isQuantity("x")', false],
    ['url("https://example.com:80/path?a=1").getHostname()', 'example.com'],
    ['isURL("../x")', false],
    ['ip("192.168.0.1").family() == 4', true],
    ['cidr("10.0.0.0/8").containsIP("10.1.2.3")', true],
    ['cidr("10.0.0.0/8").containsCIDR("10.1.0.0/16")', true],
    ['isCIDR("10.0.0.0/33")', false],
    ['duration("1h") > duration("59m")', true],
    ['sets.contains([1, 2, 3], [3, 1])', true],
    ['sets.equivalent([1, 2], [2, 1, 1])', true],
    ['sets.intersects(["a"], ["b"])', false],
    ['math.greatest(1, 3, 2) == 3 && math.least([4, 2]) == 2', true],
    ['math.ceil(1.2) == 2.0 && math.abs(-3) == 3 && math.sign(-0.5) == -1.0', true],
    ['semver("1.2.3").isLessThan(semver("1.10.0"))', true],
    ['semver("1.0.0-rc.1").compareTo(semver("1.0.0"))', -1n],
    ['semver("v1.2", true).minor()', 2n],
    ['isSemver("1.2")', false],
    ['ip.isCanonical("127.0.0.1")', true],
    ['cel.bind(n, self.count, n * 2) == 6', true],
  ])('%s is %s', (expression, value) => {
    expect(evaluate(expression)).toBe(value)
  })

  test('integers and fractions follow the schema', () => {
    const shape = { type: 'object', properties: { a: { type: 'number' }, b: { type: 'integer' } } }
    const self = celValue({ a: 1, b: 1 }, shape)
    expect(compileCel('type(self.a) == double && type(self.b) == int').evaluate({ self })).toBe(true)
  })

  test('properties that are no identifiers are escaped', () => {
    const shape = { type: 'object', properties: { namespace: {}, 'a-b': {}, a__b: {} } }
    const self = celValue({ namespace: 1, 'a-b': 2, a__b: 3 }, shape)
    const sum = 'self.__namespace__ + self.a__dash__b + self.a__underscores__b == 6'
    expect(compileCel(sum).evaluate({ self })).toBe(true)
  })
})

test.each([
  ['self.', 'Expected IDENTIFIER'],
  ['self.other > 1', 'no such key: other'],
])('%s fails', (expression, why) => {
  expect(() => evaluate(expression)).toThrow(CelError)
  expect(() => evaluate(expression)).toThrow(why)
})

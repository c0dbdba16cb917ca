import { expect, test } from 'vitest'
import { matchesOutput } from './output.ts'

test.each<[string, string[], string[], boolean]>([
  ['the same lines', ['a', 'b'], ['a', 'b', ''], true],
  ['trailing blanks', ['a  '], ['a'], true],
  ['another line', ['a'], ['b'], false],
  ['a line too many', ['a'], ['a', 'b'], false],
  ['... for any lines', ['a', '...', 'd'], ['a', 'b', 'c', 'd'], true],
  ['... for no lines', ['a', '...'], ['a'], true],
  ['... in a line', ['web-...   Running'], ['web-x1   Running'], true],
  ['... in a line that ends otherwise', ['web-... Running'], ['web-x1 Pending'], false],
  ['... twice in a line', ['a...b...c'], ['a1b2c'], true],
  ['... does not overlap', ['ab...ba'], ['aba'], false],
])('expected output: %s', (_, expected, actual, matches) => {
  expect(matchesOutput(expected, actual)).toBe(matches)
})

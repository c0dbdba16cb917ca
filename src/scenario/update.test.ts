import { expect, test } from 'vitest'
import { reconcile } from './update.ts'

test.each<[string, string[], string[], string[]]>([
  ['other lines', ['a', 'b'], ['a', 'c'], ['a', 'c']],
  ['nothing yet', [], ['a', 'b'], ['a', 'b']],
  ['nothing any more', ['a', '...'], [], []],
  [
    'dots for lines between lines that are there',
    ['a', '...', 'd'],
    ['a', 'b', 'c', 'd', 'e'],
    ['a', '...', 'd', 'e'],
  ],
  ['dots at the end', ['a', '...'], ['a', 'b', 'c'], ['a', '...']],
  ['dots behind a line that is gone', ['x', '...'], ['a', 'b'], ['a', 'b']],
  ['dots before a line that is gone', ['a', '...', 'x'], ['a', 'b'], ['a', 'b']],
  ['dots in a line', ['web-...  1/1', 'b'], ['web-x  1/1', 'c'], ['web-...  1/1', 'c']],
])('rewrites %s', (_, expected, actual, written) => {
  expect(reconcile(expected, actual)).toEqual(written)
})

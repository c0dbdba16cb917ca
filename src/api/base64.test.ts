import { expect, test } from 'vitest'
import { decodeBase64, encodeBase64 } from './base64.ts'

test.each([
  ['', ''],
  ['f', 'Zg=='],
  ['fo', 'Zm8='],
  ['foo', 'Zm9v'],
  ['éé ok', 'w6nDqSBvaw=='],
  ['€🙂', '4oKs8J+Zgg=='],
])('%j is %s, and text again', (text, base64) => {
  expect(encodeBase64(text)).toBe(base64)
  expect(decodeBase64(base64)).toBe(text)
})

test('line breaks inside a value are skipped', () => expect(decodeBase64('Zm9v\nYmFy\n')).toBe('foobar'))

test('a text of a megabyte comes back', () => {
  const text = 'x'.repeat(1024 * 1024)
  expect(decodeBase64(encodeBase64(text))).toBe(text)
})

import { expect, test } from 'vitest'
import { Terminal } from './terminal.ts'

test('a line holds 4,095 characters, and the bell answers what is more', () => {
  let seen = ''
  const terminal = new Terminal(text => {
    seen += text
  })
  terminal.type('x'.repeat(5000))
  expect(seen).toBe('x'.repeat(4095) + '\x07'.repeat(905))
  expect(terminal.unread).toBe(0)
  terminal.type('\n')
  expect(terminal.unread).toBe(4096)
})

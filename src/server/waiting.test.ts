import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { MOST_WAITING_BYTES, writeOrLetGo } from './waiting.ts'

test('what waits for one who does not read has a bound, after which he is let go', () => {
  const sleeper = new Writable({ write: () => {} })
  const chunk = Buffer.alloc(MOST_WAITING_BYTES / 4)
  for (let count = 0; count < 4; count++) writeOrLetGo(sleeper, chunk)
  expect(sleeper.destroyed).toBe(false)
  writeOrLetGo(sleeper, chunk)
  expect(sleeper.destroyed).toBe(true)
})

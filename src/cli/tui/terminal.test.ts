import { expect, test } from 'vitest'
import { Terminal } from './terminal.ts'

/** A terminal that remembers what it was sent. */
function open(columns = 10, rows = 3) {
  const sent: string[] = []
  let resize = () => {}
  const device = {
    columns,
    rows,
    write: (text: string) => sent.push(text),
    on: (_: 'resize', listener: () => void) => {
      resize = listener
    },
    off: () => {
      resize = () => {}
    },
  }
  const terminal = new Terminal(device)
  const take = () => sent.splice(0).join('')
  return { terminal, device, take, resize: () => resize() }
}

test('only the lines that differ are sent', () => {
  const { terminal, take } = open()
  terminal.enter(() => {})
  terminal.stdout.write('a\nb\nc')
  take()
  terminal.stdout.write('a\nB\nc')
  const sent = take()
  expect(sent).toContain('\x1b[2;1H\x1b[0m\x1b[2KB')
  expect(sent).not.toContain('c')
  terminal.stdout.write('a\nB\nc')
  expect(take()).toBe('')
})

test('after a resize the whole frame comes at once, the screen not being cleared before', () => {
  const { terminal, device, take, resize } = open()
  let told = 0
  terminal.enter(() => told++)
  terminal.stdout.write('a\nb')
  take()
  device.columns = 20
  resize()
  expect(told).toBe(1)
  expect(take()).toBe('')
  terminal.stdout.write('a\nb')
  expect(take()).toMatch(/2J.*a.*b/s)
  expect(terminal.stdout.columns).toBe(20)
})

test('the screen and the cursor are given back once, and nothing is drawn after', () => {
  const { terminal, take } = open()
  terminal.enter(() => {})
  expect(take()).toContain('\x1b[?1049h')
  terminal.leave()
  expect(take()).toBe('\x1b[?25h\x1b[?1049l')
  terminal.leave()
  terminal.stdout.write('late')
  expect(take()).toBe('')
})

test('a frame never goes below the last row', () => {
  const { terminal, take } = open(10, 2)
  terminal.enter(() => {})
  terminal.stdout.write('a\nb\nc')
  expect(take()).not.toContain('\x1b[3;1H')
})

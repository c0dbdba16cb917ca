/** From what Ink reports of the keyboard to keys. Several keys may come at once: fast typing, a paste. */
import type { Key as InkKey } from 'ink'
import type { Key } from './ui-state.ts'

export function readKeys(input: string, ink: InkKey): Key[] {
  const name = nameOf(ink)
  if (name) return [{ text: '', name }]
  if (ink.ctrl) return [{ text: input, isCtrl: true }]
  return [...input].map(readCharacter).filter(key => key !== undefined)
}

function nameOf(ink: InkKey): Key['name'] {
  if (ink.upArrow) return 'up'
  if (ink.downArrow) return 'down'
  if (ink.pageUp) return 'pageUp'
  if (ink.pageDown) return 'pageDown'
  if (ink.home) return 'home'
  if (ink.end) return 'end'
  if (ink.tab) return ink.shift ? 'backTab' : 'tab'
  if (ink.return) return 'return'
  if (ink.escape) return 'escape'
  if (ink.backspace || ink.delete) return 'backspace'
  return undefined
}

function readCharacter(text: string): Key | undefined {
  if (text === '\r' || text === '\n') return { text: '', name: 'return' }
  if (text === '\t') return { text: '', name: 'tab' }
  if (text === '\x7f' || text === '\b') return { text: '', name: 'backspace' }
  if (text === '\x1b') return { text: '', name: 'escape' }
  if (text === '\x03') return { text: 'c', isCtrl: true }
  return text < ' ' ? undefined : { text }
}

import { describe, expect, test } from 'vitest'
import { type Action, type Extent, INITIAL_UI, type Key, react, type UiState } from './ui-state.ts'

const EXTENT: Extent = { top: 10, lastTop: 40, rows: 8 }
const EXTENTS = { lesson: EXTENT, cluster: EXTENT, events: EXTENT }

/** The state after these keys and all that was asked for. */
function press(
  keys: readonly (string | Key)[],
  from: UiState = INITIAL_UI,
): { state: UiState; actions: Action[] } {
  const actions: Action[] = []
  let state = from
  for (const key of keys) {
    const reaction = react(state, typeof key === 'string' ? { text: key } : key, EXTENTS)
    state = reaction.state
    if (reaction.action) actions.push(reaction.action)
  }
  return { state, actions }
}

test.each<[readonly (string | Key)[], Action]>([
  [[' '], 'pause'],
  [['P'], 'pause'],
  [['.'], 'step'],
  [['>'], 'step'],
  [['n'], 'step'],
  [['+'], 'faster'],
  [['-'], 'slower'],
  [['q'], 'quit'],
  [[':', 'q', { text: '', name: 'return' }], 'quit'],
  [[{ text: 'c', isCtrl: true }], 'quit'],
  [['?', { text: 'c', isCtrl: true }], 'quit'],
])('%j asks for: %s', (keys, action) => {
  expect(press(keys).actions).toEqual([action])
})

describe('scrolling', () => {
  test.each<[Key, number | undefined]>([
    [{ text: 'j' }, 11],
    [{ text: '', name: 'down' }, 11],
    [{ text: 'k' }, 9],
    [{ text: 'g' }, 0],
    [{ text: 'G' }, 40],
    [{ text: 'f', isCtrl: true }, 17],
    [{ text: 'b', isCtrl: true }, 3],
    [{ text: '', name: 'pageDown' }, 17],
    [{ text: '', name: 'escape' }, undefined],
  ])('%j', (key, top) => {
    expect(press([key]).state.tops.lesson).toBe(top)
  })

  test('moves what is looked at, and tab changes that', () => {
    const { state } = press([{ text: '', name: 'tab' }, 'j'])
    expect(state.focus).toBe('cluster')
    expect(state.tops).toEqual({ lesson: undefined, cluster: 11, events: undefined })
    expect(press([{ text: '', name: 'backTab' }]).state.focus).toBe('events')
  })

  test('going on by a step follows the lesson again', () => {
    expect(press(['j', 'n']).state.tops.lesson).toBeUndefined()
  })
})

describe('typing a command', () => {
  test('can be taken back letter by letter', () => {
    const backspace: Key = { text: '', name: 'backspace' }
    expect(press([':', 'x', backspace]).state).toMatchObject({ mode: 'command', command: '' })
    expect(press([':', backspace]).state.mode).toBe('normal')
    expect(press([':', 'x', { text: '', name: 'escape' }]).state.mode).toBe('normal')
  })

  test('says when there is no such command, until the next key', () => {
    const { state, actions } = press([':', 'x', 'y', { text: '', name: 'return' }])
    expect(state.notice).toBe('there is no command :xy')
    expect(actions).toEqual([])
    expect(press(['j'], state).state.notice).toBe('')
  })
})

test('help comes with ? and goes with it', () => {
  expect(press(['?']).state.mode).toBe('help')
  expect(press(['?', '?']).state.mode).toBe('normal')
  expect(press(['?', 'q']).actions).toEqual([])
})

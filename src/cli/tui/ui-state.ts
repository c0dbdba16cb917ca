/**
 * What the person is doing with the screen: what is looked at, how far it is scrolled, what is being typed. A pure
 * function from state and key to state and what is asked of the driver.
 */
import { PANES, type Pane } from './layout.ts'

export interface UiState {
  readonly focus: Pane
  readonly mode: 'normal' | 'help' | 'command'
  /** What was typed after `:`. */
  readonly command: string
  /** The first line seen of each pane; undefined: the lesson's place, the latest event, the first node. */
  readonly tops: Readonly<Record<Pane, number | undefined>>
  /** Something to say about the last key. */
  readonly notice: string
}

export type Action = 'pause' | 'step' | 'faster' | 'slower' | 'quit'

/** A key, as far as it matters here. */
export interface Key {
  /** The character, or '' for a named key. */
  readonly text: string
  readonly name?:
    | 'up'
    | 'down'
    | 'pageUp'
    | 'pageDown'
    | 'home'
    | 'end'
    | 'tab'
    | 'backTab'
    | 'return'
    | 'escape'
    | 'backspace'
  readonly isCtrl?: boolean
}

/** How far each pane can be scrolled now. */
export interface Extent {
  /** The first line seen. */
  readonly top: number
  readonly lastTop: number
  readonly rows: number
}

export const INITIAL_UI: UiState = {
  focus: 'lesson',
  mode: 'normal',
  command: '',
  tops: { lesson: undefined, cluster: undefined, events: undefined },
  notice: '',
}

export interface Reaction {
  readonly state: UiState
  readonly action?: Action
}

const ACTIONS: Readonly<Record<string, Action>> = {
  ' ': 'pause',
  p: 'pause',
  P: 'pause',
  '.': 'step',
  '>': 'step',
  n: 'step',
  '+': 'faster',
  '=': 'faster',
  '-': 'slower',
  _: 'slower',
  q: 'quit',
}

const COMMANDS: Readonly<Record<string, Action | 'help'>> = {
  q: 'quit',
  'q!': 'quit',
  quit: 'quit',
  help: 'help',
  h: 'help',
  pause: 'pause',
  step: 'step',
  next: 'step',
}

export function react(before: UiState, key: Key, extents: Readonly<Record<Pane, Extent>>): Reaction {
  const state = before.notice ? { ...before, notice: '' } : before
  if (key.isCtrl && key.text === 'c') return { state, action: 'quit' }
  if (state.mode === 'command') return typeCommand(state, key)
  if (state.mode === 'help') {
    if (key.text === 'q' || key.text === '?' || key.name) return { state: { ...state, mode: 'normal' } }
    return { state }
  }
  const action = key.isCtrl ? undefined : ACTIONS[key.text]
  if (action === 'step') return { state: scrollTo(state, 'lesson', undefined), action }
  if (action) return { state, action }
  if (key.text === '?') return { state: { ...state, mode: 'help' } }
  if (key.text === ':') return { state: { ...state, mode: 'command', command: '' } }
  if (key.name === 'tab') return { state: { ...state, focus: neighbour(state.focus, 1) } }
  if (key.name === 'backTab') return { state: { ...state, focus: neighbour(state.focus, -1) } }
  return { state: scroll(state, key, extents[state.focus]) }
}

function typeCommand(state: UiState, key: Key): Reaction {
  if (key.name === 'escape') return { state: { ...state, mode: 'normal' } }
  if (key.name === 'backspace') {
    return state.command === ''
      ? { state: { ...state, mode: 'normal' } }
      : { state: { ...state, command: state.command.slice(0, -1) } }
  }
  if (key.name !== 'return') return { state: { ...state, command: state.command + key.text } }
  const normal: UiState = { ...state, mode: 'normal' }
  const typed = state.command.trim()
  const meant = Object.hasOwn(COMMANDS, typed) ? COMMANDS[typed] : undefined
  if (meant === 'help') return { state: { ...normal, mode: 'help' } }
  if (meant) return { state: normal, action: meant }
  return { state: typed === '' ? normal : { ...normal, notice: `there is no command :${typed}` } }
}

function scroll(state: UiState, key: Key, { top, lastTop, rows }: Extent): UiState {
  const page = Math.max(rows - 1, 1)
  const by = (lines: number) => scrollTo(state, state.focus, Math.min(Math.max(top + lines, 0), lastTop))
  if (key.isCtrl) {
    if (key.text === 'f') return by(page)
    if (key.text === 'b') return by(-page)
    if (key.text === 'd') return by(Math.ceil(page / 2))
    if (key.text === 'u') return by(-Math.ceil(page / 2))
    return state
  }
  if (key.text === 'j' || key.name === 'down') return by(1)
  if (key.text === 'k' || key.name === 'up') return by(-1)
  if (key.name === 'pageDown') return by(page)
  if (key.name === 'pageUp') return by(-page)
  if (key.text === 'g' || key.name === 'home') return scrollTo(state, state.focus, 0)
  if (key.text === 'G' || key.name === 'end') return scrollTo(state, state.focus, lastTop)
  if (key.name === 'escape') return scrollTo(state, state.focus, undefined)
  return state
}

/** Events scrolled to their end follow the latest again. */
export function topOf(state: UiState, pane: Pane, followed: number, lastTop: number): number {
  const top = state.tops[pane]
  if (top === undefined || (pane === 'events' && top >= lastTop)) return followed
  return Math.min(top, lastTop)
}

function scrollTo(state: UiState, pane: Pane, top: number | undefined): UiState {
  return state.tops[pane] === top ? state : { ...state, tops: { ...state.tops, [pane]: top } }
}

function neighbour(pane: Pane, by: number): Pane {
  return PANES[(PANES.indexOf(pane) + by + PANES.length) % PANES.length]!
}

/**
 * The colours of the terminal UI by what they mean. Those of rows are k9s': fingers and eyes know them already.
 * No meaning is carried by colour alone; a terminal without colours shows the same words and symbols.
 */
import type { TextProps } from 'ink'

export type Tone =
  /** Anything in its normal state. */
  | 'row'
  | 'added'
  | 'modified'
  | 'pending'
  | 'error'
  | 'killed'
  | 'completed'
  /** Plain prose. */
  | 'text'
  | 'faint'
  | 'strong'
  | 'heading'
  | 'code'
  | 'emphasis'
  | 'prompt'
  | 'brand'
  | 'frame'
  | 'focus'

const STYLES: Readonly<Record<Tone, TextProps>> = {
  row: { color: '#00ffff' },
  added: { color: '#1e90ff' },
  modified: { color: '#adff2f' },
  pending: { color: '#ff8c00' },
  error: { color: '#ff4500' },
  killed: { color: '#9370db' },
  completed: { color: '#778899' },
  text: {},
  faint: { color: '#778899' },
  strong: { bold: true },
  heading: { color: '#00ffff', bold: true },
  code: { color: '#adff2f' },
  emphasis: { italic: true },
  prompt: { color: '#adff2f', bold: true },
  brand: { color: '#00ffff', bold: true, inverse: true },
  frame: { color: '#5f7387' },
  focus: { color: '#00ffff' },
}

/** How Ink draws text of a tone. */
export function styleOf(tone: Tone): TextProps {
  return STYLES[tone]
}

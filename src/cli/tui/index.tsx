/**
 * The terminal UI's door. It loads nothing itself, so that other commands stay quick, and sees to it that React comes
 * in its production build, which draws three times as fast.
 */
import type { TuiOptions } from './run-tui.tsx'

export type { TuiOptions } from './run-tui.tsx'

/** See {@link TuiOptions}; gives the exit code. */
export async function runTui(options: TuiOptions): Promise<number> {
  process.env.NODE_ENV ??= 'production'
  const tui = await import('./run-tui.tsx')
  return tui.runTui(options)
}

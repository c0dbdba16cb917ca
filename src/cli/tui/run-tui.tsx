/** The terminal UI at work: Ink on the terminal, the driver on the wall clock. Entered through index.tsx. */
import { render } from 'ink'
import type { Lesson } from '../../scenario/index.ts'
import { App } from './app.tsx'
import { Driver } from './driver.ts'
import { Terminal } from './terminal.ts'

export interface TuiOptions {
  /** At its beginning. */
  readonly lesson: Lesson
  /** Virtual ms a real ms at first; 1 unless given. */
  readonly speed?: number
}

/** Signals that end it in good order. After SIGHUP there is no terminal to give back. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const

/**
 * Plays the lesson on standard input and output until the person quits, and gives the exit code: 0, or 1 when
 * something was not as the lesson says. The terminal is given back whatever happens. Throws what was
 * thrown while time passed.
 */
export async function runTui({ lesson, speed }: TuiOptions): Promise<number> {
  const terminal = new Terminal(process.stdout)
  const giveBack = () => terminal.leave()
  process.once('exit', giveBack)
  let signalCode: number | undefined
  const driver = new Driver(lesson, {
    clock: {
      now: () => performance.now(),
      every: (ms, callback) => {
        const timer = setInterval(callback, ms)
        return () => clearInterval(timer)
      },
    },
    speed,
    onError: error => ink.unmount(error as Error),
  })
  const draw = () => <App driver={driver} size={terminal.size} />
  terminal.enter(() => ink.rerender(draw()))
  const ink = render(draw(), {
    stdout: terminal.stdout,
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
  })
  const handlers = Object.entries(SIGNALS).map(([signal, code]) => {
    const handle = () => {
      signalCode = code
      ink.unmount()
    }
    process.once(signal, handle)
    return { signal, handle }
  })
  try {
    driver.start()
    await ink.waitUntilExit()
  } finally {
    driver.stop()
    terminal.leave()
    process.off('exit', giveBack)
    for (const { signal, handle } of handlers) process.off(signal, handle)
  }
  return signalCode ?? (driver.view().hasFailed ? 1 : 0)
}

/** The terminal UI: a lesson played on a cluster that is seen at work. Loads Ink, so import it only to use it. */
import { render } from 'ink'
import { Lesson, type Scenario } from '../../scenario/index.ts'
import type { Sha256 } from '../../sim/index.ts'
import { App } from './app.tsx'
import { Driver } from './driver.ts'
import { Terminal } from './terminal.ts'

export interface TuiOptions {
  readonly scenario: Scenario
  /** In the place of the scenario's. */
  readonly seed?: number
  /** Virtual ms a real ms at first; 1 unless given. */
  readonly speed?: number
  readonly sha256?: Sha256
  /** Files that the lesson's `kubectl -f` may read. */
  readonly readFile?: (path: string) => string | undefined
}

const SIGNALS = { SIGTERM: 143, SIGHUP: 129 } as const

/**
 * Plays the scenario on standard input and output until the person quits, and gives the exit code: 0, or 1 when
 * something was not as the lesson says. The terminal is given back whatever happens. Throws UserError for an
 * unusable scenario, and whatever was thrown while time passed.
 */
export async function runTui(options: TuiOptions): Promise<number> {
  const { scenario, seed, speed, sha256, readFile } = options
  const lesson = new Lesson(scenario, { seed, readFile, adapters: { sha256 } })
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

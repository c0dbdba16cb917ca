/** The processes of one container's PID namespace, as `ps` lists them and `kill` finds them. */
export type Signal = 'HUP' | 'INT' | 'QUIT' | 'KILL' | 'USR1' | 'USR2' | 'TERM' | 'CONT' | 'STOP'

const SIGNALS: Readonly<Record<Signal, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  KILL: 9,
  USR1: 10,
  USR2: 12,
  TERM: 15,
  CONT: 18,
  STOP: 19,
}

export function signalNumber(signal: Signal): number {
  return SIGNALS[signal]
}

/** `TERM`, `SIGTERM` or `15`; undefined for what is no signal. */
export function parseSignal(text: string): Signal | undefined {
  const name = text.replace(/^SIG/i, '').toUpperCase()
  for (const [signal, number] of Object.entries(SIGNALS)) {
    if (signal === name || String(number) === text) return signal as Signal
  }
  return undefined
}

export interface ProcessEntry {
  readonly pid: number
  readonly parent: number
  readonly argv: readonly string[]
  readonly startedMs: number
  signal(signal: Signal): void
}

export class ProcessTable {
  readonly #entries = new Map<number, ProcessEntry>()
  #lastPid = 0

  add(process: Omit<ProcessEntry, 'pid'>): ProcessEntry {
    const { parent, argv, startedMs } = process
    const pid = ++this.#lastPid
    const entry = { pid, parent, argv, startedMs, signal: (signal: Signal) => process.signal(signal) }
    this.#entries.set(pid, entry)
    return entry
  }

  remove(pid: number): void {
    this.#entries.delete(pid)
  }

  get(pid: number): ProcessEntry | undefined {
    return this.#entries.get(pid)
  }

  /** By pid. */
  list(): readonly ProcessEntry[] {
    return [...this.#entries.values()]
  }
}

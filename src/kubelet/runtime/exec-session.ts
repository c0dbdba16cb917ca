/** A command run beside a container's main process: the same namespaces and files, input and output of its own. */
import type { Label } from '../../sim/index.ts'
import { NOTHING, type Output, Pipe, sink } from '../io/streams.ts'
import { Terminal } from '../io/terminal.ts'
import { derive, type Program } from '../program.ts'
import { signalNumber } from './process-table.ts'
import type { RunningProcess } from './running-process.ts'

export interface ExecOptions {
  readonly hasStdin: boolean
  readonly isTty: boolean
}

/** Hears what a command prints, as texts, and how it ended. */
export interface ExecListener {
  stdout(text: string): void
  stderr(text: string): void
  exited(exitCode: number): void
}

/** The side of whoever runs the command. */
export interface ExecSession {
  stdin(text: string): void
  closeStdin(): void
  resize(columns: number, rows: number): void
  /** How much of the input nobody has read yet. */
  unread(): number
  /** Kills what still runs; nothing is heard any more. */
  close(): void
}

/** Begins at once; `exited` may be called before this returns. */
export function startExec(
  main: RunningProcess,
  label: Label,
  command: { readonly program: Program; readonly argv: readonly string[] },
  options: ExecOptions,
  listener: ExecListener,
): ExecSession {
  const scope = main.scope.child('exec')
  let isOver = false
  const print = (stream: 'stdout' | 'stderr') => (text: string) => {
    if (!isOver) listener[stream](text)
  }
  const terminal = options.isTty ? new Terminal(print('stdout')) : undefined
  const pipe = options.hasStdin && !terminal ? new Pipe() : undefined
  const stdout: Output = terminal?.output ?? sink(print('stdout'))
  const end = (exitCode: number | undefined) => {
    if (isOver) return
    isOver = true
    main.processes.remove(entry.pid)
    scope.close()
    if (exitCode !== undefined) listener.exited(exitCode)
  }
  const entry = main.processes.add({
    parent: 0,
    argv: command.argv,
    startedMs: scope.sim.now,
    signal: signal => {
      if (signal !== 'CONT' && signal !== 'STOP') end(128 + signalNumber(signal))
    },
  })
  if (terminal) terminal.onInterrupt = signal => end(128 + signalNumber(signal))
  const inside = derive(main, {
    scope,
    argv: command.argv,
    stdin: terminal?.input ?? pipe ?? NOTHING,
    stdout,
    stderr: terminal?.output ?? sink(print('stderr')),
    isTty: options.isTty,
    terminal,
    pid: entry.pid,
    *terminated() {
      yield { arm: () => {} }
    },
  })
  scope.spawn(label, command.program(inside), end)
  return {
    stdin: text => {
      if (isOver) return
      if (terminal) terminal.type(text)
      else pipe?.write(text)
    },
    closeStdin: () => {
      if (isOver) return
      if (terminal) terminal.end()
      else pipe?.end()
    },
    resize: (columns, rows) => terminal?.resize(columns, rows),
    unread: () => (isOver ? 0 : ((terminal ?? pipe)?.unread ?? 0)),
    close: () => end(undefined),
  }
}

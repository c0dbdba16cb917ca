/** What a shell remembers between commands, and what a subshell takes over from it. */
import { type Input, LineReader, type Output } from '../io/streams.ts'
import type { ContainerProcess } from '../program.ts'
import type { Command } from './syntax.ts'

/** Where a command reads and prints. */
export interface ShellIo {
  readonly stdin: LineReader
  readonly stdout: Output
  readonly stderr: Output
  /** Descriptors from 3 on. */
  readonly others: ReadonlyMap<number, Output | Input>
}

export interface Variable {
  value: string
  isExported: boolean
  isReadOnly: boolean
}

/** A background command. */
export interface Job {
  readonly pid: number
  readonly text: string
  /** Undefined while it runs. */
  exitCode: number | undefined
  readonly waiters: (() => void)[]
}

/** Thrown to unwind: to the end of the shell, of a function, or of loops. */
export class Unwind {
  readonly kind: 'exit' | 'return' | 'break' | 'continue'
  readonly code: number
  /** Loops still to leave. */
  levels: number

  constructor(kind: Unwind['kind'], code: number, levels = 1) {
    this.kind = kind
    this.code = code
    this.levels = levels
  }
}

export class ShellState {
  directory: string
  status = 0
  readonly variables: Map<string, Variable>
  readonly functions: Map<string, Command>
  /** `$0`, and `$1` onwards. */
  name: string
  positional: readonly string[]
  readonly options: Set<string>
  readonly traps: Map<string, string>
  readonly jobs = new Map<number, Job>()
  lastJob = 0
  /** Conditions under way, in which a failure does not end a `set -e` script. */
  tested = 0
  /** Functions' own variables: what to put back, innermost last. */
  readonly locals: Map<string, Variable | undefined>[] = []

  constructor(process: ContainerProcess, name: string, positional: readonly string[]) {
    this.directory = process.workingDirectory
    this.variables = new Map()
    this.functions = new Map()
    this.options = new Set()
    this.traps = new Map()
    this.name = name
    this.positional = positional
    for (const [key, value] of Object.entries(process.environment)) {
      this.variables.set(key, { value, isExported: true, isReadOnly: false })
    }
  }

  /** What a subshell begins with: its changes stay its own. */
  fork(process: ContainerProcess): ShellState {
    const child = new ShellState({ ...process, environment: {} }, this.name, this.positional)
    for (const [name, variable] of this.variables) child.variables.set(name, { ...variable })
    for (const [name, body] of this.functions) child.functions.set(name, body)
    for (const option of this.options) child.options.add(option)
    child.directory = this.directory
    child.status = this.status
    child.lastJob = this.lastJob
    return child
  }

  assign(name: string, value: string): boolean {
    const known = this.variables.get(name)
    if (known?.isReadOnly) return false
    if (known) known.value = value
    else this.variables.set(name, { value, isExported: this.options.has('a'), isReadOnly: false })
    return true
  }

  exported(): Record<string, string> {
    const environment: Record<string, string> = {}
    for (const [name, { value, isExported }] of this.variables) if (isExported) environment[name] = value
    return environment
  }

  lookup(name: string, pid: number): string | undefined {
    switch (name) {
      case '?':
        return String(this.status)
      case '$':
        return String(pid)
      case '#':
        return String(this.positional.length)
      case '!':
        return this.lastJob === 0 ? '' : String(this.lastJob)
      case '-':
        return [...this.options].join('')
      case '0':
        return this.name
      case 'PWD':
        return this.directory
    }
    if (/^\d/.test(name)) return this.positional[Number(name) - 1]
    return this.variables.get(name)?.value
  }
}

export function ioOf(process: ContainerProcess): ShellIo {
  const { stdin, stdout, stderr } = process
  return {
    stdin: stdin instanceof LineReader ? stdin : new LineReader(stdin),
    stdout,
    stderr,
    others: new Map(),
  }
}

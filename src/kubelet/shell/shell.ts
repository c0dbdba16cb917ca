/** Runs scripts on the loop: control flow, pipelines, jobs, functions. Commands are {@link ContainerProcess.run}'s. */
import { LIMITS, type Routine, sleep } from '../../sim/index.ts'
import type { FileSystem } from '../files/file-system.ts'
import { BrokenPipe, LineReader, NOTHING, type Output, Pipe, sink } from '../io/streams.ts'
import { type ContainerProcess, derive } from '../program.ts'
import { BUILTINS } from './builtins.ts'
import { type Expander, expandPattern, expandText, expandWords } from './expand.ts'
import { startJob } from './jobs.ts'
import { parseScript } from './parse.ts'
import { matches } from './pattern.ts'
import { redirect } from './redirect.ts'
import { type ShellIo, type ShellState, Unwind } from './state.ts'
import { type Command, ShellSyntaxError } from './syntax.ts'

type Simple = Extract<Command, { type: 'simple' }>

export class Shell implements Expander {
  readonly process: ContainerProcess
  readonly state: ShellState
  /** What commands without redirections use: its own, which `exec > file` changes. */
  readonly io: ShellIo
  /** `sh`, as its own messages begin. */
  readonly title: string
  readonly #label: ReturnType<ContainerProcess['scope']['sim']['label']>
  #steps = 0
  #stepsSinceMs = -1
  #pendingTraps: string[] = []
  readonly #wakers: (() => void)[] = []
  #isHeeding = false
  isInteractive = false

  constructor(process: ContainerProcess, state: ShellState, io: ShellIo, title: string) {
    this.process = process
    this.state = state
    this.io = io
    this.title = title
    this.#label = process.scope.sim.label('container/shell')
  }

  get files(): FileSystem {
    return this.process.files
  }
  get directory(): string {
    return this.state.directory
  }
  get isUnsetAnError(): boolean {
    return this.state.options.has('u')
  }
  get positional(): readonly string[] {
    return this.state.positional
  }
  lookup(name: string): string | undefined {
    return this.state.lookup(name, this.process.pid)
  }
  assign(name: string, value: string): void {
    if (!this.state.assign(name, value)) throw new ShellSyntaxError(`${name}: is read only`)
  }

  /** Runs a script to its end and gives its exit code; its EXIT trap has run then. */
  *run(text: string): Routine<number> {
    const code = yield* this.#guarded(this.#source(text))
    return yield* this.finish(code)
  }

  /** The EXIT trap. */
  *finish(code: number): Routine<number> {
    const trap = this.state.traps.get('EXIT')
    if (trap === undefined) return code
    this.state.traps.delete('EXIT')
    this.state.status = code
    yield* this.#guarded(this.#source(trap))
    return code
  }

  /** Runs text in this shell, as `eval` does. */
  *source(text: string): Routine<number> {
    return yield* this.#source(text)
  }

  *#source(text: string): Routine<number> {
    const script = parseScript(text)
    return yield* this.execute(script, this.io)
  }

  *#guarded(routine: Routine<number>): Routine<number> {
    try {
      return yield* routine
    } catch (error) {
      return this.failure(error)
    }
  }

  /** The exit code of what was thrown; says what there is to say. Throws what is not the shell's. */
  failure(error: unknown): number {
    if (error instanceof Unwind) return error.kind === 'exit' || error.kind === 'return' ? error.code : 0
    if (error instanceof BrokenPipe) return 141
    if (!(error instanceof ShellSyntaxError)) throw error
    const isSyntax = /unexpected|expecting|missing|unterminated|here-document|EOF/.test(error.message)
    this.complain(isSyntax ? `syntax error: ${error.message}` : error.message)
    return 2
  }

  complain(message: string, io: ShellIo = this.io): void {
    io.stderr.write(`${this.title}: ${message}\n`)
  }

  *execute(command: Command, io: ShellIo): Routine<number> {
    const { state } = this
    switch (command.type) {
      case 'simple':
        state.status = yield* this.#simple(command, io)
        yield* this.#afterCommand()
        break
      case 'list':
        for (const { command: item, isBackground, text } of command.items) {
          if (isBackground) this.#background(item, text, io)
          else yield* this.execute(item, io)
        }
        break
      case 'and':
      case 'or': {
        const isZero = (yield* this.#condition(command.left, io)) === 0
        if (isZero === (command.type === 'and')) yield* this.execute(command.right, io)
        break
      }
      case 'pipeline':
        state.status = yield* this.#pipeline(command, io)
        break
      case 'if':
        if ((yield* this.#condition(command.condition, io)) === 0) yield* this.execute(command.then, io)
        else if (command.otherwise) yield* this.execute(command.otherwise, io)
        else state.status = 0
        break
      case 'loop':
        yield* this.#loop(command, io)
        break
      case 'for':
        yield* this.#for(command, io)
        break
      case 'case':
        yield* this.#case(command, io)
        break
      case 'subshell':
        state.status = yield* this.subshell(command.body, io)
        yield* this.#afterCommand()
        break
      case 'function':
        state.functions.set(command.name, command.body)
        state.status = 0
        break
      case 'redirected': {
        const redirected = yield* redirect(this, this.process, io, command.redirects)
        if (redirected.ok) yield* this.execute(command.command, redirected.io)
        else {
          this.complain(redirected.message, io)
          state.status = 1
        }
        break
      }
    }
    return state.status
  }

  /** A command whose failure is looked at. */
  *#condition(command: Command, io: ShellIo): Routine<number> {
    this.state.tested++
    try {
      return yield* this.execute(command, io)
    } finally {
      this.state.tested--
    }
  }

  *#afterCommand(): Routine<void> {
    const { state } = this
    while (this.#pendingTraps.length > 0) yield* this.#source(this.#pendingTraps.shift()!)
    if (state.status !== 0 && state.tested === 0 && state.options.has('e')) {
      throw new Unwind('exit', state.status)
    }
  }

  *#loop({ isUntil, condition, body }: Extract<Command, { type: 'loop' }>, io: ShellIo): Routine<void> {
    let status = 0
    for (;;) {
      const isTrue = (yield* this.#condition(condition, io)) === 0
      if (isTrue === isUntil) break
      if (yield* this.#turn(body, io)) break
      status = this.state.status
    }
    this.state.status = status
  }

  *#for({ name, words, body }: Extract<Command, { type: 'for' }>, io: ShellIo): Routine<void> {
    const values = words ? yield* expandWords(this, words) : this.state.positional
    this.state.status = 0
    for (const value of values) {
      this.assign(name, value)
      if (yield* this.#turn(body, io)) break
    }
  }

  /** One turn of a loop; true when it was broken out of. */
  *#turn(body: Command, io: ShellIo): Routine<boolean> {
    yield* this.step()
    try {
      yield* this.execute(body, io)
    } catch (unwind) {
      if (!(unwind instanceof Unwind) || (unwind.kind !== 'break' && unwind.kind !== 'continue')) throw unwind
      if (--unwind.levels > 0) throw unwind
      this.state.status = 0
      return unwind.kind === 'break'
    }
    return false
  }

  *#case({ subject, branches }: Extract<Command, { type: 'case' }>, io: ShellIo): Routine<void> {
    const text = yield* expandText(this, subject)
    this.state.status = 0
    for (const { patterns, body } of branches) {
      for (const pattern of patterns) {
        if (!matches(yield* expandPattern(this, pattern), text)) continue
        yield* this.execute(body, io)
        return
      }
    }
  }

  /** Counts against spinning: a script that never waits would stop the world. */
  *step(): Routine<void> {
    const { sim } = this.process.scope
    if (sim.now !== this.#stepsSinceMs) {
      this.#stepsSinceMs = sim.now
      this.#steps = 0
    }
    if (++this.#steps > LIMITS.shellSteps) {
      this.complain('the script spins without waiting and was killed')
      throw new Unwind('exit', 137)
    }
  }

  *#simple(command: Simple, io: ShellIo): Routine<number> {
    yield* this.step()
    this.state.status = 0 + this.state.status
    const argv = yield* expandWords(this, command.words)
    const redirected = yield* redirect(this, this.process, io, command.redirects)
    if (!redirected.ok) {
      this.complain(redirected.message, io)
      return 1
    }
    const at = redirected.io
    const assigned: [string, string][] = []
    let substituted = 0
    for (const { name, value } of command.assignments) {
      this.state.status = 0
      const text = yield* expandText(this, value)
      assigned.push([name, text])
      if (argv.length === 0) this.assign(name, text)
      substituted = this.state.status
    }
    if (this.state.options.has('x')) this.#trace(assigned, argv, at)
    if (argv.length === 0) {
      if (command.words.length === 0 && command.redirects.length > 0 && assigned.length === 0) return 0
      return substituted
    }
    return yield* this.#call(argv, assigned, at)
  }

  #trace(assigned: readonly [string, string][], argv: readonly string[], io: ShellIo): void {
    const words = [...assigned.map(([name, value]) => `${name}=${value}`), ...argv]
    io.stderr.write(
      `+ ${words.map(word => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' ')}\n`,
    )
  }

  *#call(argv: readonly string[], assigned: readonly [string, string][], io: ShellIo): Routine<number> {
    const [name = '', ...rest] = argv
    const body = this.state.functions.get(name)
    if (body) {
      for (const [variable, value] of assigned) this.assign(variable, value)
      return yield* this.#function(body, rest, io)
    }
    const builtin = Object.hasOwn(BUILTINS, name) ? BUILTINS[name] : undefined
    if (builtin) {
      for (const [variable, value] of assigned) this.assign(variable, value)
      return yield* builtin(this, rest, io)
    }
    return yield* this.command(argv, io, Object.fromEntries(assigned))
  }

  *#function(body: Command, args: readonly string[], io: ShellIo): Routine<number> {
    const { state } = this
    const outer = state.positional
    state.positional = args
    state.locals.push(new Map())
    if (state.locals.length > LIMITS.shellDepth)
      throw new ShellSyntaxError('functions call each other too deep')
    try {
      return yield* this.execute(body, io)
    } catch (unwind) {
      if (!(unwind instanceof Unwind) || unwind.kind !== 'return') throw unwind
      return unwind.code
    } finally {
      state.positional = outer
      for (const [name, before] of state.locals.pop()!) {
        if (before) state.variables.set(name, before)
        else state.variables.delete(name)
      }
    }
  }

  /** A program or tool, neither function nor builtin. */
  *command(
    argv: readonly string[],
    io: ShellIo,
    more: Readonly<Record<string, string>> = {},
  ): Routine<number> {
    const changes: Partial<ContainerProcess> = {
      environment: { ...this.state.exported(), ...more },
      workingDirectory: this.state.directory,
      stdin: io.stdin,
      stdout: io.stdout,
      stderr: io.stderr,
    }
    const code = yield* this.process.run(argv, changes)
    if (code === undefined) {
      this.complain(`${argv[0]}: not found`, io)
      return 127
    }
    yield* io.stdout.drain()
    return code
  }

  /** Runs a command in a shell of its own. */
  *subshell(body: Command, io: ShellIo): Routine<number> {
    const child = this.#child(io)
    const code = yield* child.#guarded(child.execute(body, child.io))
    return yield* child.finish(code)
  }

  #child(io: ShellIo, process: ContainerProcess = this.process): Shell {
    const child = new Shell(process, this.state.fork(process), { ...io }, this.title)
    child.#steps = this.#steps
    child.#stepsSinceMs = this.#stepsSinceMs
    return child
  }

  *output(command: Command): Routine<string> {
    let text = ''
    const io = { ...this.io, stdout: sink(piece => (text += piece)) }
    this.state.status = yield* this.subshell(command, io)
    return text.replace(/\n+$/, '')
  }

  /** All commands at once, each reading what the one before prints. */
  *#pipeline({ commands, isNegated }: Extract<Command, { type: 'pipeline' }>, io: ShellIo): Routine<number> {
    if (commands.length === 1) return (yield* this.#condition(commands[0]!, io)) === 0 ? 1 : 0
    const pipes = commands.slice(1).map(() => new Pipe())
    const { scope } = this.process
    const label = this.#label
    const hasPipefail = this.state.options.has('pipefail')
    const stages = commands.map((command, i) => {
      const stdin = i === 0 ? io.stdin : new LineReader(pipes[i - 1]!)
      const stdout: Output = pipes[i] ?? io.stdout
      return { command, io: { ...io, stdin, stdout }, before: pipes[i - 1], behind: pipes[i] }
    })
    const inner = scope.child('pipeline')
    const codes: number[] = []
    const run = (stage: (typeof stages)[number], i: number, ended: () => void) => {
      const process = derive(this.process, { scope: inner })
      const child = this.#child(stage.io, process)
      inner.spawn(label, child.#guarded(child.execute(stage.command, child.io)), code => {
        codes[i] = code
        stage.before?.abandon()
        stage.behind?.end()
        ended()
      })
    }
    yield {
      arm: waiting => {
        let left = stages.length
        const ended = () => {
          if (--left === 0) waiting.resume()
        }
        for (const [i, stage] of stages.entries()) run(stage, i, ended)
      },
      disarm: () => inner.close(),
    }
    inner.close()
    const last = codes.at(-1)!
    const code = hasPipefail && last === 0 ? (codes.findLast(one => one !== 0) ?? 0) : last
    if (isNegated) return code === 0 ? 1 : 0
    if (code !== 0 && this.state.tested === 0 && this.state.options.has('e')) throw new Unwind('exit', code)
    return code
  }

  #background(command: Command, text: string, io: ShellIo): void {
    const at = { ...io, stdin: new LineReader(NOTHING) }
    const job = startJob(this.process, this.#label, text, process => {
      const child = this.#child(at, process)
      return child.#guarded(child.execute(command, child.io))
    })
    this.state.jobs.set(job.pid, job)
    this.state.lastJob = job.pid
    this.state.status = 0
    if (this.isInteractive) io.stderr.write(`[${this.state.jobs.size}] ${job.pid}\n`)
  }

  /** A signal that a trap waits for has come; it runs between two commands. */
  trapped(signal: string): void {
    const trap = this.state.traps.get(signal)
    if (trap) this.#pendingTraps.push(trap)
    for (const wake of this.#wakers.splice(0)) wake()
  }

  /** Waits until a job ends or a trapped signal comes. */
  *waitFor(jobs: readonly { readonly waiters: (() => void)[] }[]): Routine<void> {
    if (this.#pendingTraps.length > 0) return
    yield {
      arm: waiting => {
        let isOver = false
        const wake = () => {
          if (isOver) return
          isOver = true
          waiting.resume()
        }
        for (const job of jobs) job.waiters.push(wake)
        this.#wakers.push(wake)
      },
    }
  }

  get hasPendingTraps(): boolean {
    return this.#pendingTraps.length > 0
  }

  /** Lets SIGTERM to this process run the trap. */
  heedTermination(): void {
    if (this.#isHeeding) return
    this.#isHeeding = true
    const { process } = this
    const shell = this
    function* listen(): Routine<void> {
      yield* process.terminated()
      shell.trapped('TERM')
      yield* sleep(0)
    }
    process.scope.spawn(this.#label, listen())
  }
}

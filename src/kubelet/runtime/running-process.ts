/** A container's process while it runs: the program's routine, what it listens on, the signals it gets. */
import type { Label, Routine, Scope } from '../../sim/index.ts'
import { callback, sleep } from '../../sim/index.ts'
import type {
  AppRequest,
  ContainerNetwork,
  Endpoint,
  NameLookup,
  NetworkNamespace,
  NetworkResult,
} from '../container-network.ts'
import { plantBase } from '../files/base-files.ts'
import { FileSystem } from '../files/file-system.ts'
import type { VolumeStore } from '../files/mounts.ts'
import { type Input, NOTHING, type Output, Pipe } from '../io/streams.ts'
import { Terminal } from '../io/terminal.ts'
import type { ContainerProcess, ContainerUser, Image, Program } from '../program.ts'
import { runCommand, toolNames } from '../shell/index.ts'
import type { ContainerEntry, SandboxEntry } from './node-disk.ts'
import { ProcessTable, type Signal } from './process-table.ts'

/** What a container runs in. */
export interface Surroundings {
  readonly sandbox: SandboxEntry
  readonly container: ContainerEntry
  readonly outside: ContainerNetwork
  readonly volumes: VolumeStore
  readonly memoryBytes: number
}

/** Hears what the main process prints, as it prints it. */
export interface AttachListener {
  stdout(text: string): void
  stderr(text: string): void
  exited(exitCode: number): void
}

export class RunningProcess implements ContainerProcess {
  readonly scope: Scope
  readonly argv: readonly string[]
  readonly pid = 1
  readonly #around: Surroundings
  #files: FileSystem | undefined
  #environment: Readonly<Record<string, string>> | undefined
  #processes: ProcessTable | undefined
  #listening: readonly { readonly port: number; readonly endpoint: Endpoint }[] | undefined
  #onTerminate: ((value?: unknown) => void) | undefined
  #isTerminated = false
  #stdin: Pipe | undefined
  #terminal: Terminal | undefined
  #stdout: Output | undefined
  #stderr: Output | undefined
  #attached: Set<AttachListener> | undefined
  readonly #startedMs: number

  constructor(scope: Scope, argv: readonly string[], around: Surroundings) {
    this.scope = scope
    this.argv = argv
    this.#around = around
    this.#startedMs = scope.sim.now
  }

  get environment(): Readonly<Record<string, string>> {
    const { config, image } = this.#around.container
    if (!image.environment) return config.environment
    this.#environment ??= { ...image.environment, ...config.environment }
    return this.#environment
  }

  get image(): Image {
    return this.#around.container.image
  }

  get memoryBytes(): number {
    return this.#around.memoryBytes
  }

  get files(): FileSystem {
    if (this.#files) return this.#files
    const { container, sandbox, volumes } = this.#around
    const { config, image } = container
    const now = () => this.scope.sim.now
    this.#files = new FileSystem({
      files: image.files ?? {},
      plantBase: root =>
        plantBase(root, {
          hostname: this.hostname,
          ips: sandbox.network.ips,
          hostAliases: sandbox.config.hostAliases ?? [],
          podNamespace: this.podNamespace,
          isHostNetwork: sandbox.config.isHostNetwork,
          argv: this.argv,
          tools: image.hasShell ? toolNames(image) : Object.keys(image.programs),
          os: image.os ?? (image.hasShell ? 'debian' : 'scratch'),
        }),
      mounts: (config.mounts ?? []).map(mount => volumes.mount(sandbox.config.podUid, mount, now)),
      isReadOnly: config.isReadOnly ?? false,
      now,
    })
    return this.#files
  }

  /** The file if the program ever made or could see it, without making the tree of them. */
  readIfPresent(path: string): string | undefined {
    return this.#files?.getIfMade(path)
  }

  get processes(): ProcessTable {
    if (!this.#processes) {
      this.#processes = new ProcessTable()
      this.#processes.add({
        parent: 0,
        argv: this.argv,
        startedMs: this.#startedMs,
        signal: signal => this.#signal(signal),
      })
    }
    return this.#processes
  }

  get workingDirectory(): string {
    return this.#around.container.config.workingDirectory || '/'
  }

  get user(): ContainerUser {
    return this.#around.container.config.user ?? ROOT
  }

  get isTty(): boolean {
    return this.#around.container.config.isTty ?? false
  }

  get stdin(): Input {
    const { hasStdin, isTty } = this.#around.container.config
    if (isTty) return this.#tty().input
    if (!hasStdin) return NOTHING
    this.#stdin ??= new Pipe()
    return this.#stdin
  }

  get terminal(): Terminal | undefined {
    return this.isTty ? this.#tty() : undefined
  }

  #tty(): Terminal {
    this.#terminal ??= new Terminal(text => this.#print('stdout', text))
    return this.#terminal
  }

  get stdout(): Output {
    if (this.isTty) return this.#tty().output
    this.#stdout ??= { write: text => this.#print('stdout', text), *drain() {} }
    return this.#stdout
  }

  get stderr(): Output {
    if (this.isTty) return this.#tty().output
    this.#stderr ??= { write: text => this.#print('stderr', text), *drain() {} }
    return this.#stderr
  }

  /** Input from somebody attached. */
  type(text: string): void {
    const { hasStdin, isTty } = this.#around.container.config
    if (!hasStdin) return
    if (isTty) this.#tty().type(text)
    else (this.stdin as Pipe).write(text)
  }

  /** How much of what was typed has not been read. */
  get unread(): number {
    return (this.#terminal ?? this.#stdin)?.unread ?? 0
  }

  /** The one attached has no more input; ends the program's where the spec says stdinOnce. */
  endInput(): void {
    const { hasStdin, isTty, isStdinOnce } = this.#around.container.config
    if (!hasStdin || !isStdinOnce) return
    if (isTty) this.#tty().end()
    else (this.stdin as Pipe).end()
  }

  /** Hears the output from now on; the returned function ends it. */
  attach(listener: AttachListener): () => void {
    this.#attached ??= new Set()
    this.#attached.add(listener)
    return () => this.#attached?.delete(listener)
  }

  get network(): NetworkNamespace {
    return this.#around.sandbox.network
  }

  get podNamespace(): string {
    return this.#around.sandbox.config.podNamespace
  }

  get hostname(): string {
    return this.#around.sandbox.config.hostname
  }

  get containerPorts(): readonly number[] {
    return this.#around.container.config.containerPorts
  }

  log(line: string): void {
    this.#line('stdout', line)
  }

  logError(line: string): void {
    this.#line('stderr', line)
  }

  listen(port: number, endpoint: Endpoint): boolean {
    if (!this.network.listen(port, endpoint)) return false
    const listener = { port, endpoint }
    this.#listening = this.#listening ? [...this.#listening, listener] : [listener]
    return true
  }

  *terminated(): Routine<void> {
    if (this.#isTerminated) return
    yield {
      arm: waiting => {
        this.#onTerminate = value => waiting.resume(value)
      },
      disarm: () => {
        this.#onTerminate = undefined
      },
    }
  }

  mainOutput(stream: 'stdout' | 'stderr'): Output {
    return this[stream]
  }

  run(argv: readonly string[], changes: Partial<ContainerProcess>): Routine<number | undefined> {
    return runCommand(this, argv, changes)
  }

  *lookup(host: string): Routine<NameLookup> {
    yield* sleep(1)
    return this.#around.outside.lookup(host, this.podNamespace)
  }

  request(host: string, port: number, request: AppRequest): Routine<NetworkResult> {
    const from = { network: this.network, podNamespace: this.podNamespace }
    return callback(done => this.#around.outside.request(from, { host, port }, request, done))
  }

  /** SIGTERM. */
  terminate(): void {
    this.#isTerminated = true
    const heard = this.#onTerminate
    this.#onTerminate = undefined
    heard?.()
  }

  start(label: Label, program: Program, exited: (exitCode: number) => void): void {
    this.scope.spawn(label, program(this), exited)
  }

  /** Ends everything of it; its ports are free again. */
  end(exitCode: number): void {
    this.scope.close()
    for (const { port, endpoint } of this.#listening ?? []) this.network.close(port, endpoint)
    this.#listening = undefined
    const attached = this.#attached
    this.#attached = undefined
    for (const listener of attached ?? []) listener.exited(exitCode)
  }

  /** Signals that ask it to end do; the kernel keeps others, and SIGKILL from within, from process 1. */
  #signal(signal: Signal): void {
    if (signal === 'TERM' || signal === 'INT' || signal === 'QUIT') this.terminate()
  }

  #line(stream: 'stdout' | 'stderr', line: string): void {
    const { log } = this.#around.container
    log.append(this.scope.sim.now, stream, line)
    this.#tell(stream, `${line}\n`)
  }

  #print(stream: 'stdout' | 'stderr', text: string): void {
    this.#around.container.log.write(this.scope.sim.now, stream, text)
    this.#tell(stream, text)
  }

  #tell(stream: 'stdout' | 'stderr', text: string): void {
    if (!this.#attached) return
    for (const listener of [...this.#attached]) listener[stream](text)
  }
}

const ROOT: ContainerUser = Object.freeze({ uid: 0, gid: 0 })

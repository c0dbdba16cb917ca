/** A container's process while it runs: the program's routine, what it listens on, the signals it gets. */
import type { Label, Routine, Scope } from '../../sim/index.ts'
import { callback } from '../../sim/index.ts'
import type {
  AppRequest,
  ContainerNetwork,
  Endpoint,
  NetworkNamespace,
  NetworkResult,
} from '../container-network.ts'
import { type ContainerProcess, type Program, withArgv } from '../program.ts'
import type { ContainerEntry, SandboxEntry } from './node-disk.ts'

export class RunningProcess implements ContainerProcess {
  readonly scope: Scope
  readonly argv: readonly string[]
  readonly #sandbox: SandboxEntry
  readonly #container: ContainerEntry
  readonly #outside: ContainerNetwork
  #files: Map<string, string> | undefined
  #listening: { port: number; endpoint: Endpoint }[] | undefined
  #onTerminate: ((value?: unknown) => void) | undefined
  #isTerminated = false

  constructor(
    scope: Scope,
    argv: readonly string[],
    sandbox: SandboxEntry,
    container: ContainerEntry,
    outside: ContainerNetwork,
  ) {
    this.scope = scope
    this.argv = argv
    this.#sandbox = sandbox
    this.#container = container
    this.#outside = outside
  }

  get environment(): Readonly<Record<string, string>> {
    return this.#container.config.environment
  }

  get files(): Map<string, string> {
    this.#files ??= new Map([
      ...Object.entries(this.#container.image.files ?? {}),
      ['/etc/hostname', `${this.hostname}\n`],
      ...Object.entries(this.#container.config.files ?? {}),
    ])
    return this.#files
  }

  /** The file if the program ever made or could see it, without making the map of them. */
  readIfPresent(path: string): string | undefined {
    return this.#files?.get(path)
  }

  get network(): NetworkNamespace {
    return this.#sandbox.network
  }

  get podNamespace(): string {
    return this.#sandbox.config.podNamespace
  }

  get hostname(): string {
    return this.#sandbox.config.hostname
  }

  get containerPorts(): readonly number[] {
    return this.#container.config.containerPorts
  }

  log(line: string): void {
    this.#container.log.append(this.scope.sim.now, 'stdout', line)
  }

  logError(line: string): void {
    this.#container.log.append(this.scope.sim.now, 'stderr', line)
  }

  listen(port: number, endpoint: Endpoint): boolean {
    if (!this.network.listen(port, endpoint)) return false
    this.#listening ??= []
    this.#listening.push({ port, endpoint })
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

  request(host: string, port: number, request: AppRequest): Routine<NetworkResult> {
    const from = { network: this.network, podNamespace: this.podNamespace }
    return callback(done => this.#outside.request(from, { host, port }, request, done))
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
  end(): void {
    this.scope.close()
    for (const { port, endpoint } of this.#listening ?? []) this.network.close(port, endpoint)
    this.#listening = undefined
  }
}

/** A command run beside the main process (`exec`, probes): the same namespaces and files, output of its own. */
export function execProcess(
  main: RunningProcess,
  scope: Scope,
  argv: readonly string[],
  print: (line: string) => void,
): ContainerProcess {
  return {
    ...withArgv(main, argv),
    scope,
    log: print,
    logError: print,
    terminated: () => callback(() => {}),
  }
}

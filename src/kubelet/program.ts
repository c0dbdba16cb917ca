/**
 * What runs in a container. An image brings programs by the name of their binary; a program is a routine on the
 * loop that ends with its exit code.
 */
import type { Routine, Scope } from '../sim/index.ts'
import type {
  AppRequest,
  Endpoint,
  NameLookup,
  NetworkNamespace,
  NetworkResult,
} from './container-network.ts'
import type { OperatingSystem } from './files/base-files.ts'
import type { FileSystem } from './files/file-system.ts'
import type { Input, Output } from './io/streams.ts'
import type { Terminal } from './io/terminal.ts'
import type { ProcessTable } from './runtime/process-table.ts'

/** What a program sees of the world. Everything it starts dies with its container. */
export interface ContainerProcess {
  readonly scope: Scope
  readonly argv: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** The container's: everything that runs in it sees the same files. */
  readonly files: FileSystem
  readonly workingDirectory: string
  readonly stdin: Input
  readonly stdout: Output
  readonly stderr: Output
  /** Whether stdin and stdout are a terminal. */
  readonly isTty: boolean
  /** Of a program with a tty: for a shell, which takes its signals. */
  readonly terminal: Terminal | undefined
  readonly pid: number
  /** What `ps` shows and `kill` reaches. */
  readonly processes: ProcessTable
  readonly network: NetworkNamespace
  readonly podNamespace: string
  readonly hostname: string
  readonly user: ContainerUser
  readonly image: Image
  /** In bytes; what `free` and `df` show. */
  readonly memoryBytes: number
  /** `containerPort`s of the spec, for programs that listen wherever they are told. */
  readonly containerPorts: readonly number[]
  /** A line on standard output. */
  log(line: string): void
  /** A line on standard error. */
  logError(line: string): void
  /** Binds a port for as long as the container runs; false when it is taken. */
  listen(port: number, endpoint: Endpoint): boolean
  /**
   * Waits for SIGTERM. A program that never waits for it ignores it, as process 1 of a container does, and is
   * killed when its grace period is over.
   */
  terminated(): Routine<void>
  /** What process 1 prints to: `/proc/1/fd/1`. */
  mainOutput(stream: 'stdout' | 'stderr'): Output
  /** Runs another command of the container, with some things changed; undefined when there is none of that name. */
  run(argv: readonly string[], changes: Partial<ContainerProcess>): Routine<number | undefined>
  /** Asks the cluster's DNS: the name that answered, or was asked last, and its addresses. */
  lookup(host: string): Routine<NameLookup>
  /** Asks somebody over the network. */
  request(host: string, port: number, request: AppRequest): Routine<NetworkResult>
}

/** Runs until it returns its exit code. */
export type Program = (container: ContainerProcess) => Routine<number>

export interface ContainerUser {
  readonly uid: number
  readonly gid: number
}

/** What one container uses of its node while it runs. */
export interface Usage {
  readonly cpuMilli: number
  readonly memoryBytes: number
}

/** One image of the catalogue; tags make no difference. */
export interface Image {
  /** Repositories it is known under, normalised: `docker.io/library/nginx`. */
  readonly repositories: readonly string[]
  /** Compressed size, in bytes: what a pull costs and what its event says. */
  readonly sizeBytes: number
  readonly entrypoint: readonly string[]
  readonly command: readonly string[]
  /** By base name of the binary; `nginx` answers to `/usr/sbin/nginx` too. */
  readonly programs: Readonly<Record<string, Program>>
  /** Has `/bin/sh` and the usual small tools. */
  readonly hasShell: boolean
  /** Files of its lower layers. */
  readonly files?: Readonly<Record<string, string>>
  /** Whose distribution it is made of; `debian` unless given, `scratch` without a shell. */
  readonly os?: OperatingSystem
  /** Of the image's own configuration, under what the pod sets. */
  readonly environment?: Readonly<Record<string, string>>
  /** What its main program uses when nobody asks anything of it. */
  readonly idleUsage?: Usage
}

/** The same process with some things changed: another command line, another place to print to. */
export function derive(container: ContainerProcess, changes: Partial<ContainerProcess>): ContainerProcess {
  const stdout = changes.stdout ?? container.stdout
  const stderr = changes.stderr ?? container.stderr
  return {
    scope: container.scope,
    argv: container.argv,
    environment: container.environment,
    files: container.files,
    workingDirectory: container.workingDirectory,
    stdin: container.stdin,
    stdout,
    stderr,
    isTty: container.isTty,
    terminal: container.terminal,
    pid: container.pid,
    processes: container.processes,
    network: container.network,
    podNamespace: container.podNamespace,
    hostname: container.hostname,
    user: container.user,
    image: container.image,
    memoryBytes: container.memoryBytes,
    containerPorts: container.containerPorts,
    log: line => stdout.write(`${line}\n`),
    logError: line => stderr.write(`${line}\n`),
    listen: (port, endpoint) => container.listen(port, endpoint),
    terminated: () => container.terminated(),
    mainOutput: stream => container.mainOutput(stream),
    run: (argv, more) => container.run(argv, { ...changes, ...more }),
    lookup: host => container.lookup(host),
    request: (host, port, request) => container.request(host, port, request),
    ...changes,
  }
}

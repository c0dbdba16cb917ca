/**
 * What runs in a container. An image brings programs by the name of their binary; a program is a routine on the
 * loop that ends with its exit code.
 */
import type { Routine, Scope } from '../sim/index.ts'
import type { AppRequest, Endpoint, NetworkNamespace, NetworkResult } from './container-network.ts'

/** What a program sees of the world. Everything it starts dies with its container. */
export interface ContainerProcess {
  readonly scope: Scope
  readonly argv: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** Absolute path to content; the writable layer of this container. */
  readonly files: Map<string, string>
  readonly network: NetworkNamespace
  readonly podNamespace: string
  readonly hostname: string
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
  /** Asks somebody over the network. */
  request(host: string, port: number, request: AppRequest): Routine<NetworkResult>
}

/** Runs until it returns its exit code. */
export type Program = (container: ContainerProcess) => Routine<number>

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
}

/** The same process under another command line, for programs started by a shell. */
export function withArgv(container: ContainerProcess, argv: readonly string[]): ContainerProcess {
  return {
    scope: container.scope,
    argv,
    environment: container.environment,
    files: container.files,
    network: container.network,
    podNamespace: container.podNamespace,
    hostname: container.hostname,
    containerPorts: container.containerPorts,
    log: line => container.log(line),
    logError: line => container.logError(line),
    listen: (port, endpoint) => container.listen(port, endpoint),
    terminated: () => container.terminated(),
    request: (host, port, request) => container.request(host, port, request),
  }
}

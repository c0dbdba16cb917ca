/** The commonest program: starts up, listens, serves until SIGTERM, goes. */
import { type Routine, sleep } from '../sim/index.ts'
import type { AppRequest, AppResponse } from './container-network.ts'
import type { ContainerProcess, Program } from './program.ts'

export interface ServerOptions {
  readonly startupMs: number
  /** From SIGTERM to its exit. */
  readonly shutdownMs: number
  readonly ports: readonly number[] | ((container: ContainerProcess) => readonly number[])
  readonly exitCode?: number
  /** How it says that a port is taken before it exits with 1. */
  bindError?(port: number): string
  started?(container: ContainerProcess): void
  /** Makes what answers, once a container. `reply` may come later. */
  serve(container: ContainerProcess): (request: AppRequest, reply: (response: AppResponse) => void) => void
}

export function server(options: ServerOptions): Program {
  return container => run(container, options)
}

function* run(container: ContainerProcess, options: ServerOptions): Routine<number> {
  yield* sleep(options.startupMs)
  const endpoint = { serve: options.serve(container) }
  const ports = typeof options.ports === 'function' ? options.ports(container) : options.ports
  for (const port of ports) {
    if (container.listen(port, endpoint)) continue
    container.logError(options.bindError?.(port) ?? `listen tcp :${port}: bind: address already in use`)
    return 1
  }
  options.started?.(container)
  yield* container.terminated()
  yield* sleep(options.shutdownMs)
  return options.exitCode ?? 0
}

/** The commonest program: starts up, listens, serves until SIGTERM, goes. */
import { type Routine, sleep } from '../sim/index.ts'
import type { AppRequest, AppResponse } from './container-network.ts'
import type { ContainerProcess, Program } from './program.ts'

export interface ServerOptions {
  readonly startupMs: number
  /** From SIGTERM to its exit. */
  readonly shutdownMs: number
  readonly ports: readonly number[] | ((process: ContainerProcess) => readonly number[])
  readonly exitCode?: number
  /** How it says that a port is taken before it exits with 1. */
  bindError?(port: number): string
  started?(process: ContainerProcess): void
  /** Makes what answers, once a container. `reply` may come later. */
  serve(process: ContainerProcess): (request: AppRequest, reply: (response: AppResponse) => void) => void
}

export function server(options: ServerOptions): Program {
  return process => run(process, options)
}

function* run(process: ContainerProcess, options: ServerOptions): Routine<number> {
  yield* sleep(options.startupMs)
  const endpoint = { serve: options.serve(process) }
  const ports = typeof options.ports === 'function' ? options.ports(process) : options.ports
  for (const port of ports) {
    if (process.listen(port, endpoint)) continue
    process.logError(options.bindError?.(port) ?? `listen tcp :${port}: bind: address already in use`)
    return 1
  }
  options.started?.(process)
  yield* process.terminated()
  yield* sleep(options.shutdownMs)
  return options.exitCode ?? 0
}

/** Programs run by themselves, with a network of given answers: what the tests of images and the shell stand on. */
import { type Process, Simulation } from '../sim/index.ts'
import {
  type AppRequest,
  type AppResponse,
  NetworkNamespace,
  type NetworkResult,
} from './container-network.ts'
import { plantBase } from './files/base-files.ts'
import { FileSystem } from './files/file-system.ts'
import { parseImageName } from './image-name.ts'
import { findImage, imageCatalogue } from './images/index.ts'
import { NOTHING, sink } from './io/streams.ts'
import type { ContainerProcess } from './program.ts'
import { resolveProgram } from './runtime/command.ts'
import { ProcessTable } from './runtime/process-table.ts'
import { runCommand, toolNames } from './shell/index.ts'

export interface Run {
  readonly sim: Simulation
  readonly output: string[]
  readonly files: FileSystem
  readonly network: NetworkNamespace
  readonly asked: { host: string; port: number; request: AppRequest }[]
  exitCode: number | undefined
  terminate(): void
  ask(port: number, request: Partial<AppRequest> & { protocol: 'http' | 'tcp' }): AppResponse | undefined
}

export interface RunOptions {
  readonly environment?: Record<string, string>
  readonly files?: Record<string, string>
  readonly network?: NetworkNamespace
  readonly containerPorts?: readonly number[]
  answer?(host: string, port: number, request: AppRequest): NetworkResult
}

/** Starts an image with a command line; time is the caller's to advance. */
export function run(image: string, command?: string[], args?: string[], options: RunOptions = {}): Run {
  const sim = new Simulation({ seed: 1 })
  const found = findImage(imageCatalogue(), parseImageName(image)!.repository)
  if (!found) throw new Error(`no image ${image}`)
  const started = resolveProgram(found, command, args)
  if (!started.ok) throw new Error(started.message)
  let terminated: (() => void) | undefined
  const network = options.network ?? new NetworkNamespace('test', ['10.0.0.1'])
  const world: Run = {
    sim,
    output: [],
    files: new FileSystem({
      files: { ...found.files, ...options.files },
      plantBase: root => plantBase(root, { ...BASE, tools: toolNames(found), argv: started.argv }),
      mounts: [],
      isReadOnly: false,
      now: () => sim.now,
    }),
    network,
    asked: [],
    exitCode: undefined,
    terminate: () => terminated?.(),
    ask: (port, request) => {
      let answer: AppResponse | undefined
      const whole = {
        method: 'GET',
        path: '/',
        headers: {},
        body: '',
        data: '',
        clientIp: '10.0.0.9',
        ...request,
      }
      network.endpoint(port)?.serve(whole as AppRequest, response => {
        answer = response
      })
      sim.advance(100)
      return answer
    },
  }
  let begun = ''
  const print = (text: string) => {
    const lines = (begun + text).split('\n')
    begun = lines.pop()!
    world.output.push(...lines)
  }
  const container: ContainerProcess = {
    scope: sim.root.child('container'),
    argv: started.argv,
    environment: options.environment ?? {},
    files: world.files,
    network,
    podNamespace: 'default',
    hostname: 'pod-1',
    containerPorts: options.containerPorts ?? [],
    workingDirectory: '/',
    stdin: NOTHING,
    stdout: sink(print),
    stderr: sink(print),
    isTty: false,
    terminal: undefined,
    pid: 1,
    processes: new ProcessTable(),
    user: { uid: 0, gid: 0 },
    image: found,
    memoryBytes: 2 ** 30,
    mainOutput: () => sink(print),
    run: (argv, changes) => runCommand(container, argv, changes),
    *lookup(host) {
      return { name: host, addresses: [] }
    },
    log: line => world.output.push(line),
    logError: line => world.output.push(line),
    listen: (port, endpoint) => network.listen(port, endpoint),
    *terminated() {
      yield {
        arm: (waiting: Pick<Process<void>, 'resume'>) => {
          terminated = () => waiting.resume()
        },
      }
    },
    *request(host, port, request) {
      world.asked.push({ host, port, request })
      return options.answer?.(host, port, request) ?? { ok: false, error: `lookup ${host}: no such host` }
    },
  }
  container.scope.spawn(sim.label('test'), started.program(container), exitCode => {
    world.exitCode = exitCode
  })
  return world
}

const BASE = {
  hostname: 'pod-1',
  ips: ['10.0.0.1'],
  hostAliases: [],
  podNamespace: 'default',
  isHostNetwork: false,
  os: 'busybox' as const,
}

/**
 * The kubelets' doors for logs, exec, attach and port-forward: finds a pod's container on its machine. In a real
 * cluster the API server asks the kubelet on port 10250; that hop is not modelled. What comes in enters the loop in
 * events of its own; what goes out is heard on the loop.
 */
import { type Pod, Pods, type Status, statuses } from '../api/index.ts'
import type { ExecPort, LogsPort } from '../kubectl/index.ts'
import {
  ByteDecoder,
  type Containerd,
  type ContainerRecord,
  type CriResult,
  type ExecListener,
  type ExecSession,
  type LogLine,
  type PortListener,
  type PortSession,
  toBytes,
} from '../kubelet/index.ts'
import { callback, type Label } from '../sim/index.ts'
import { usageOf } from './container-usage.ts'
import { type Ask, converse } from './conversations.ts'
import type { World } from './world.ts'

export interface AttachRequest {
  readonly namespace: string
  readonly pod: string
  /** The only one, unless given. */
  readonly container?: string
  readonly hasStdin: boolean
  readonly hasStdout: boolean
  readonly hasStderr: boolean
  readonly isTty: boolean
}

export interface ExecRequest extends AttachRequest {
  readonly command: readonly string[]
}

/** Called on the loop; `ended` once, and last. */
export interface StreamListener {
  stdout(chunk: Uint8Array): void
  stderr(chunk: Uint8Array): void
  ended(status: { readonly exitCode: number } | { readonly failure: Status }): void
}

export interface StreamSession {
  stdin(chunk: Uint8Array): void
  closeStdin(): void
  resize(columns: number, rows: number): void
  /** How much of the input the command has not read yet. */
  unread(): number
  /** Nothing is heard any more; a command that still runs is killed. */
  close(): void
}

/** As the query parameters of `pods/log` have it. */
export interface LogRequest {
  readonly container?: string
  readonly follow?: boolean
  readonly previous?: boolean
  readonly sinceSeconds?: number
  /** RFC 3339. */
  readonly sinceTime?: string
  readonly timestamps?: boolean
  readonly tailLines?: number
  readonly limitBytes?: number
}

export interface LogListener {
  data(chunk: Uint8Array): void
  ended(): void
}

interface Found {
  readonly pod: Pod
  readonly runtime: Containerd
  readonly name: string
  readonly records: readonly ContainerRecord[]
}

/** Virtual time after which a command in a container is given up. */
const EXEC_TIMEOUT_MS = 3_600_000

export class ContainerAccess {
  readonly #world: World
  readonly #labels: { readonly [K in 'exec' | 'input' | 'port']: Label }

  constructor(world: World) {
    this.#world = world
    const { sim } = world
    this.#labels = {
      exec: sim.label('outside/exec'),
      input: sim.label('outside/stdin'),
      port: sim.label('outside/port'),
    }
  }

  /** Runs a command in a running container. A refusal is given back; what fails later is told to the listener. */
  exec(request: ExecRequest, listener: StreamListener): StreamSession | Status {
    if (request.command.length === 0)
      return statuses.badRequest('you must specify at least 1 command for the container')
    return this.#stream(request, listener, (runtime, record, inside) =>
      runtime.stream(record.id, request.command, request, inside),
    )
  }

  /** The streams of a container's main process, from now on. */
  attach(request: AttachRequest, listener: StreamListener): StreamSession | Status {
    return this.#stream(request, listener, (runtime, record, inside) => runtime.attach(record.id, inside))
  }

  #stream(
    request: AttachRequest,
    listener: StreamListener,
    open: (runtime: Containerd, record: ContainerRecord, inside: ExecListener) => CriResult<ExecSession>,
  ): StreamSession | Status {
    const found = this.#running(request.namespace, request.pod, request.container)
    if ('status' in found) return found
    const { runtime, record } = found
    const decoder = new ByteDecoder()
    let session: ExecSession | undefined
    let isOver = false
    const inside: ExecListener = {
      stdout: text => {
        if (!isOver && request.hasStdout) listener.stdout(toBytes(text))
      },
      stderr: text => {
        if (!isOver && request.hasStderr) listener.stderr(toBytes(text))
      },
      exited: exitCode => {
        if (isOver) return
        isOver = true
        listener.ended({ exitCode })
      },
    }
    const later = (label: Label, act: () => void) => {
      this.#world.sim.root.schedule(0, label, act, undefined)
      this.#world.sim.markChanged()
    }
    later(this.#labels.exec, () => {
      if (isOver) return
      const opened = open(runtime, record, inside)
      if (opened.ok) session = opened.value
      else {
        isOver = true
        listener.ended({
          failure: statuses.internalError(`error executing command in container: ${opened.message}`),
        })
      }
    })
    /** Bytes whose event has not come. */
    let entering = 0
    const input = (act: (session: ExecSession) => void) =>
      later(this.#labels.input, () => {
        if (!isOver && session) act(session)
      })
    return {
      stdin: chunk => {
        entering += chunk.length
        later(this.#labels.input, () => {
          entering -= chunk.length
          if (!isOver && session) session.stdin(decoder.decode(chunk))
        })
      },
      closeStdin: () => input(one => one.closeStdin()),
      resize: (columns, rows) => input(one => one.resize(columns, rows)),
      unread: () => (isOver ? 0 : entering + (session?.unread() ?? 0)),
      close: () => {
        if (isOver) return
        isOver = true
        later(this.#labels.input, () => session?.close())
      },
    }
  }

  /** A connection to a port inside a running pod. */
  portForward(
    namespace: string,
    podName: string,
    port: number,
    listener: PortListener,
  ): PortSession | Status {
    const pod = this.#pod(namespace, podName)
    if (!('spec' in pod)) return pod
    const network = this.#world.machine(pod.spec.nodeName ?? '')?.networkOf(pod.metadata.uid)
    if (!network || pod.status.phase !== 'Running') {
      return statuses.badRequest(
        `unable to forward port because pod is not running. Current status=${pod.status.phase}`,
      )
    }
    const ask: Ask = (request, reply) => {
      const endpoint = network.endpoint(port)
      if (endpoint) endpoint.serve(request, reply)
      else {
        const why = `failed to execute portforward in network namespace "/var/run/netns/${network.name.slice(0, 12)}": failed to connect to localhost:${port} inside namespace "${network.name}", IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused IPv6 dial tcp6: address localhost: no suitable address found `
        reply({ error: `error forwarding port ${port} to pod ${network.name}, uid : ${why}` })
      }
    }
    return converse(this.#world.sim, this.#labels.port, ask, listener)
  }

  /**
   * What a container has printed, told before this returns, and what it will when it is followed. Reading leaves no
   * trace in the run.
   */
  logs(
    namespace: string,
    podName: string,
    request: LogRequest,
    listener: LogListener,
  ): { close(): void } | Status {
    const found = this.#find(namespace, podName, request.container)
    if ('status' in found) {
      if (!found.isUnbound) return found.status
      // A pod that no node has yet has an empty log.
      listener.ended()
      return { close: () => {} }
    }
    const chosen = chooseRecord(found, request.previous ?? false)
    if (!('log' in chosen)) return chosen
    const { now } = this.#world.sim
    const printer = new LogPrinter(request, listener)
    const sinceMs =
      request.sinceTime !== undefined
        ? Date.parse(request.sinceTime)
        : request.sinceSeconds !== undefined
          ? now - request.sinceSeconds * 1000
          : undefined
    const lines = chosen.log.lines().filter(line => sinceMs === undefined || line.atMs >= sinceMs)
    const { tailLines } = request
    printer.print(tailLines === undefined ? lines : tailLines === 0 ? [] : lines.slice(-tailLines))
    if (!request.follow || printer.isFull) {
      listener.ended()
      return { close: () => {} }
    }
    const stop = chosen.log.follow({
      line: line => {
        printer.print([line])
        if (!printer.isFull) return
        stop()
        listener.ended()
      },
      ended: () => listener.ended(),
    })
    return { close: stop }
  }

  /** What nodes and running containers use at present, as metrics-server would have scraped it. */
  metrics(): ReturnType<typeof usageOf> {
    return usageOf(this.#world)
  }

  #pod(namespace: string, name: string): Pod | Status {
    const pod = this.#world.observer.get({ kind: Pods, namespace, name }) as Pod | undefined
    return pod ?? statuses.notFound(Pods, name)
  }

  #running(
    namespace: string,
    podName: string,
    container: string | undefined,
  ): { runtime: Containerd; record: ContainerRecord } | Status {
    const found = this.#find(namespace, podName, container)
    if ('status' in found) return found.status
    const record = found.records.at(-1)
    if (record?.state === 'running') return { runtime: found.runtime, record }
    const message = `unable to upgrade connection: container not found (${JSON.stringify(found.name)})`
    return { ...statuses.internalError(message), message }
  }

  #find(
    namespace: string,
    podName: string,
    container: string | undefined,
  ): Found | { readonly status: Status; readonly isUnbound?: true } {
    const pod = this.#pod(namespace, podName)
    if (!('spec' in pod)) return { status: pod }
    const { containers, initContainers = [], ephemeralContainers = [], nodeName } = pod.spec
    const names = containers.map(({ name }) => name)
    if (!container && names.length > 1) {
      const init =
        initContainers.length > 0
          ? ` or one of the init containers: [${initContainers.map(({ name }) => name).join(' ')}]`
          : ''
      return {
        status: statuses.badRequest(
          `a container name must be specified for pod ${podName}, choose one of: [${names.join(' ')}]${init}`,
        ),
      }
    }
    const name = container || names[0]!
    if (![...containers, ...initContainers, ...ephemeralContainers].some(one => one.name === name)) {
      return { status: statuses.badRequest(`container ${name} is not valid for pod ${podName}`) }
    }
    if (!nodeName) {
      return { status: statuses.badRequest(`pod ${podName} does not have a host assigned`), isUnbound: true }
    }
    const machine = this.#world.machine(nodeName)
    if (!machine?.runtime) {
      const address = `${machine?.config.internalIp ?? nodeName}:10250`
      return {
        status: statuses.internalError(
          `error dialing backend: dial tcp ${address}: connect: no route to host`,
        ),
      }
    }
    const { runtime } = machine
    const records = runtime.containers(pod.metadata.uid).filter(({ config }) => config.name === name)
    return { pod, runtime, name, records }
  }
}

/** The container whose log is meant, or why there is none. */
function chooseRecord({ pod, name, records }: Found, isPrevious: boolean): ContainerRecord | Status {
  const record = records.at(isPrevious ? -2 : -1)
  const where = `container ${JSON.stringify(name)} in pod ${JSON.stringify(pod.metadata.name)}`
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = pod.status
  const status = [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses].find(
    one => one.name === name,
  )
  // While it waits for its next turn, the one that died last is the one before.
  const isBetween = status?.state?.waiting !== undefined && records.at(-1)?.state === 'exited'
  const chosen = isPrevious && isBetween ? records.at(-1) : record
  if (chosen) return chosen
  if (isPrevious) return statuses.badRequest(`previous terminated ${where} not found`)
  const reason = status?.state?.waiting?.reason ?? 'ContainerCreating'
  const why = { ErrImagePull: "image can't be pulled", ImagePullBackOff: 'trying and failing to pull image' }[
    reason
  ]
  return statuses.badRequest(`${where} is waiting to start: ${why ?? reason}`)
}

/** Prints lines within a limit of bytes. */
class LogPrinter {
  readonly #request: LogRequest
  readonly #listener: LogListener
  #left: number

  constructor(request: LogRequest, listener: LogListener) {
    this.#request = request
    this.#listener = listener
    this.#left = request.limitBytes ?? Number.POSITIVE_INFINITY
  }

  get isFull(): boolean {
    return this.#left <= 0
  }

  print(lines: readonly LogLine[]): void {
    if (lines.length === 0 || this.isFull) return
    const bytes = toBytes(lines.map(line => lineText(line, this.#request.timestamps ?? false)).join(''))
    const chunk = bytes.length > this.#left ? bytes.subarray(0, this.#left) : bytes
    this.#left -= chunk.length
    this.#listener.data(chunk)
  }
}

function lineText({ atMs, text, isPartial }: LogLine, hasTime: boolean): string {
  return `${hasTime ? `${nanoTime(atMs)} ` : ''}${text}${isPartial ? '' : '\n'}`
}

export function logsOf(world: World): LogsPort {
  return (namespace, podName, container, options) => {
    const records = find(world, namespace, podName, container)?.records ?? []
    const record = records.at(options.previous ? -2 : -1)
    if (!record) return undefined
    const since = options.sinceMs ?? Number.NEGATIVE_INFINITY
    const lines = record.log.lines().filter(line => line.atMs >= since)
    const wanted =
      options.tailLines === undefined ? lines : lines.slice(Math.max(0, lines.length - options.tailLines))
    return wanted.map(line => lineText(line, options.timestamps)).join('')
  }
}

export function execIn(world: World): ExecPort {
  return function* exec(namespace, podName, container, command) {
    const found = find(world, namespace, podName, container)
    const record = found?.records.at(-1)
    if (!found || record?.state !== 'running') return undefined
    const result: Parameters<Parameters<Containerd['exec']>[3]>[0] = yield* callback(done =>
      found.runtime.exec(record.id, command, EXEC_TIMEOUT_MS, done),
    )
    if (!result.ok) return { stdout: '', stderr: `${result.message}\n`, exitCode: 126 }
    // The runtime keeps lines: the last newline is given back.
    const { output, exitCode } = result.value
    return { stdout: output && `${output}\n`, stderr: '', exitCode }
  }
}

function find(
  world: World,
  namespace: string,
  podName: string,
  container: string,
): { runtime: Containerd; records: readonly ContainerRecord[] } | undefined {
  const pod = world.observer.get({ kind: Pods, namespace, name: podName }) as Pod | undefined
  const runtime = pod && world.machine(pod.spec.nodeName ?? '')?.runtime
  if (!runtime) return undefined
  return {
    runtime,
    records: runtime.containers(pod.metadata.uid).filter(({ config }) => config.name === container),
  }
}

/** RFC 3339 with nanoseconds, as container logs have it. */
function nanoTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000000Z')
}

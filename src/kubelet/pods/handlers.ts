/** Runs what a probe or a lifecycle hook asks for: mirrors `pkg/probe` and `lifecycle.handlerRunner`. */
import type { Container, ExecAction, HTTPGetAction, TCPSocketAction } from 'kubernetes-types/core/v1.js'
import { KUBELET } from '../../api/index.ts'
import type { AppResponse } from '../container-network.ts'
import type { Services } from '../services.ts'
import type { PodWorker, Slot } from './pod-worker.ts'

/** The parts that probes and hooks have in common. */
export interface Handler {
  readonly exec?: ExecAction
  readonly httpGet?: HTTPGetAction
  readonly tcpSocket?: TCPSocketAction
  readonly grpc?: { readonly port: number }
  readonly sleep?: { readonly seconds: number }
}

export interface HandlerResult {
  readonly isSuccess: boolean
  readonly output: string
}

/** Calls `done` once, unless the kubelet or the container dies first. */
export function runHandler(
  services: Services,
  worker: PodWorker,
  slot: Slot,
  handler: Handler,
  timeoutMs: number,
  done: (result: HandlerResult) => void,
): void {
  if (handler.exec) runExec(services, slot, handler.exec.command ?? [], timeoutMs, done)
  else if (handler.httpGet) runHttp(services, worker, slot, handler.httpGet, timeoutMs, done)
  else if (handler.sleep) {
    const { scope, labels } = services
    scope.schedule(handler.sleep.seconds * 1000, labels.hook, done, { isSuccess: true, output: '' })
  } else {
    const port = portNumber(slot.spec, handler.tcpSocket?.port ?? handler.grpc?.port ?? 0)
    const isOpen = worker.sandbox?.network.endpoint(port) !== undefined
    const address = `${handler.tcpSocket?.host || worker.ips[0]}:${port}`
    done({ isSuccess: isOpen, output: isOpen ? '' : `dial tcp ${address}: connect: connection refused` })
  }
}

function runExec(
  { cri }: Services,
  slot: Slot,
  command: readonly string[],
  timeoutMs: number,
  done: (result: HandlerResult) => void,
): void {
  cri.exec(slot.record!.id, command, timeoutMs, result => {
    if (!result.ok) done({ isSuccess: false, output: result.message })
    else if (result.value.isTimedOut) {
      done({
        isSuccess: false,
        output: `command timed out: "${command.join(' ')}" timed out after ${timeoutMs / 1000}s`,
      })
    } else {
      const { exitCode, output } = result.value
      done({ isSuccess: exitCode === 0, output: output.slice(0, KUBELET.probeOutputMax) })
    }
  })
}

function runHttp(
  { scope, labels, host }: Services,
  worker: PodWorker,
  slot: Slot,
  action: HTTPGetAction,
  timeoutMs: number,
  done: (result: HandlerResult) => void,
): void {
  const port = portNumber(slot.spec, action.port)
  const address = `${action.host || worker.ips[0]}:${port}`
  const path = action.path?.startsWith('/') ? action.path : `/${action.path ?? ''}`
  const url = `${(action.scheme ?? 'HTTP').toLowerCase()}://${address}${path}`
  const endpoint = worker.sandbox?.network.endpoint(port)
  if (!endpoint) {
    done({ isSuccess: false, output: `Get "${url}": dial tcp ${address}: connect: connection refused` })
    return
  }
  const headers: Record<string, string> = { host: address, 'user-agent': 'kube-probe/1.33' }
  for (const { name, value } of action.httpHeaders ?? []) headers[name.toLowerCase()] = value
  let isOver = false
  let timer: ReturnType<typeof scope.schedule> | undefined
  const settle = (result: HandlerResult) => {
    if (isOver) return
    isOver = true
    scope.sim.cancel(timer)
    done(result)
  }
  endpoint.serve(
    { protocol: 'http', method: 'GET', path, headers, body: '', clientIp: host.hostIP },
    response => settle(judge(response)),
  )
  if (isOver) return
  const output = `Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`
  timer = scope.schedule(timeoutMs, labels.probeTimeout, settle, { isSuccess: false, output })
}

function judge(response: AppResponse): HandlerResult {
  if (response.protocol !== 'http') return { isSuccess: false, output: 'malformed HTTP response' }
  if (response.status >= 200 && response.status < 400) return { isSuccess: true, output: response.body }
  return { isSuccess: false, output: `HTTP probe failed with statuscode: ${response.status}` }
}

/** A port by number or by the name the container gave it; 0 where there is no such name. */
function portNumber(container: Container, port: number | string): number {
  if (typeof port === 'number') return port
  const named = container.ports?.find(({ name }) => name === port)
  return named?.containerPort ?? (Number.parseInt(port, 10) || 0)
}

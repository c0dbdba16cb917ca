/**
 * `pods/log`: what a container has printed, and with `follow` what it will. Mirrors the log subresource and the
 * kubelet's `containerLogs`. Reading a log leaves no trace in the run.
 */
import { ApiError, statuses } from '../../api/index.ts'
import type { LogRequest } from '../../cluster/index.ts'
import type { Exchange } from '../exchange.ts'
import type { Gateway } from '../gateway.ts'
import { bytesOutlet } from '../outlet.ts'
import type { ResourceRoute } from '../route.ts'
import { isTrue } from '../route.ts'
import { findContainer } from './container.ts'

const TEXT = 'text/plain'

export function serveLog(exchange: Exchange, route: ResourceRoute, gateway: Gateway): void {
  if (exchange.method !== 'GET') throw new ApiError(statuses.methodNotAllowed(POD_LOG, route.verb))
  sendLog(exchange, gateway, { ...route, container: exchange.query.get('container') ?? '' })
}

/** Answers with the log of a container ('' for the only one), as the query wants it. Throws ApiError. */
export function sendLog(
  exchange: Exchange,
  gateway: Gateway,
  where: { readonly namespace: string; readonly name: string; readonly container: string },
): void {
  const { outgoing } = exchange
  const { cluster } = gateway
  const request = readQuery(exchange.query)
  const { namespace, name } = where
  const { container } = findContainer(cluster, namespace, name, where.container)
  const outlet = bytesOutlet(exchange, TEXT)
  // What is there comes before it is known that nothing is refused.
  const first: Uint8Array[] = []
  let tell = (chunk: Uint8Array) => {
    first.push(chunk)
  }
  let isEnded = false
  let end = () => {
    isEnded = true
  }
  const log = cluster.world.containers.logs(
    namespace,
    name,
    { ...request, container },
    { data: chunk => tell(chunk), ended: () => end() },
  )
  if ('status' in log) throw new ApiError(log)
  if (isEnded && !exchange.connection) {
    exchange.write(200, TEXT, Buffer.concat(first))
    return
  }
  outlet.begin()
  tell = chunk => {
    outlet.write([chunk])
  }
  end = () => outlet.end()
  for (const chunk of first) tell(chunk)
  if (isEnded) end()
  const forget = gateway.whenGone(() => outgoing.destroy())
  outgoing.once('close', () => {
    forget()
    log.close()
  })
}

function readQuery(query: URLSearchParams): LogRequest {
  const sinceSeconds = wholeNumber(query, 'sinceSeconds', 1)
  const sinceTime = query.get('sinceTime')
  if (sinceSeconds !== undefined && sinceTime) {
    throw refused('', 'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified')
  }
  if (sinceTime && Number.isNaN(Date.parse(sinceTime))) {
    throw new ApiError(statuses.badRequest(`sinceTime ${JSON.stringify(sinceTime)} is no RFC 3339 time`))
  }
  const tailLines = wholeNumber(query, 'tailLines', 0)
  const limitBytes = wholeNumber(query, 'limitBytes', 1)
  return {
    follow: isTrue(query.get('follow')),
    previous: isTrue(query.get('previous')),
    timestamps: isTrue(query.get('timestamps')),
    ...(sinceSeconds !== undefined && { sinceSeconds }),
    ...(sinceTime && { sinceTime }),
    ...(tailLines !== undefined && { tailLines }),
    ...(limitBytes !== undefined && { limitBytes }),
  }
}

function wholeNumber(query: URLSearchParams, name: string, least: number): number | undefined {
  const text = query.get(name)
  if (!text) return undefined
  const value = Number(text)
  if (!Number.isInteger(value)) throw new ApiError(statuses.badRequest(`${name} is no whole number`))
  if (value < least) {
    throw refused(
      name,
      `Invalid value: ${value}: must be greater than ${least === 0 ? 'or equal to 0' : '0'}`,
    )
  }
  return value
}

function refused(field: string, message: string): ApiError {
  return new ApiError(statuses.invalid(POD_LOG, '', [{ reason: 'FieldValueInvalid', field, message }]))
}

const POD_LOG = { group: '', plural: 'pods/log', kind: 'PodLogOptions' }

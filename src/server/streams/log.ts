/**
 * `pods/log`: what a container has printed, and with `follow` what it will. Mirrors the log subresource and the
 * kubelet's `containerLogs`. Reading a log leaves no trace in the run.
 */
import { ApiError, statuses } from '../../api/index.ts'
import type { Exchange } from '../exchange.ts'
import type { Gateway } from '../gateway.ts'
import type { ResourceRoute } from '../route.ts'
import { isTrue } from '../route.ts'
import { type FoundContainer, findContainer, stateOf } from './container.ts'

interface LogQuery {
  readonly isFollowed: boolean
  readonly isPrevious: boolean
  readonly hasTimestamps: boolean
  /** Virtual ms since the Unix epoch. */
  readonly sinceMs: number | undefined
  readonly tailLines: number | undefined
  readonly limitBytes: number | undefined
}

/** One line, with its time in RFC 3339 and nanoseconds. */
interface Line {
  readonly at: string
  readonly text: string
}

/** Real ms between two looks at a log that is followed. */
const FOLLOW_MS = 100
const TEXT = 'text/plain'

export function serveLog(exchange: Exchange, route: ResourceRoute, gateway: Gateway): void {
  const { cluster } = gateway
  if (exchange.method !== 'GET') throw new ApiError(statuses.methodNotAllowed(POD_LOG, route.verb))
  const query = readQuery(exchange.query, cluster.sim.now)
  const { namespace, name } = route
  const found = findContainer(cluster, namespace, name, exchange.query.get('container') ?? '')
  const first = readLines(gateway, found, query)
  if (!first) throw new ApiError(statuses.badRequest(whyNone(found, query)))
  const lines =
    query.tailLines === undefined ? first : first.slice(Math.max(0, first.length - query.tailLines))
  if (!query.isFollowed) {
    exchange.write(200, TEXT, limited(Buffer.from(printed(lines, query)), query.limitBytes))
    return
  }
  follow(exchange, gateway, route, query, first, lines)
}

/** Sends what is there, then looks for more until the container is gone or nobody listens. */
function follow(
  exchange: Exchange,
  gateway: Gateway,
  { namespace, name }: ResourceRoute,
  query: LogQuery,
  first: readonly Line[],
  shown: readonly Line[],
): void {
  const { outgoing } = exchange
  const container = exchange.query.get('container') ?? ''
  exchange.begin(200, TEXT)
  outgoing.flushHeaders()
  let leftBytes = query.limitBytes ?? Number.POSITIVE_INFINITY
  const send = (lines: readonly Line[]) => {
    if (lines.length === 0) return
    const bytes = limited(Buffer.from(printed(lines, query)), leftBytes)
    leftBytes -= bytes.length
    outgoing.write(bytes)
  }
  send(shown)
  let last = first.at(-1)
  let lastCount = last ? first.filter(line => line.at === last!.at).length : 0
  const look = () => {
    const found = stillThere(gateway, namespace, name, container)
    const lines = found && readLines(gateway, found, { ...query, isPrevious: false })
    const isRunning = found !== undefined && stateOf(found)?.state?.running !== undefined
    if (lines && last === undefined) send(lines)
    else if (lines) {
      const { at } = last!
      const fresh = lines.filter(line => line.at >= at)
      send(fresh.slice(Math.min(lastCount, fresh.length)))
    }
    if (lines && lines.length > 0) {
      last = lines.at(-1)
      lastCount = lines.filter(line => line.at === last!.at).length
    }
    if (!isRunning || leftBytes <= 0) {
      clearInterval(timer)
      outgoing.end()
    }
  }
  const timer = setInterval(look, FOLLOW_MS)
  outgoing.once('close', () => clearInterval(timer))
}

function stillThere(
  gateway: Gateway,
  namespace: string,
  name: string,
  container: string,
): FoundContainer | undefined {
  try {
    return findContainer(gateway.cluster, namespace, name, container)
  } catch (error) {
    if (error instanceof ApiError) return undefined
    throw error
  }
}

function readLines(
  { cluster }: Gateway,
  { pod, container }: FoundContainer,
  { isPrevious, sinceMs }: LogQuery,
): Line[] | undefined {
  const { namespace = '', name } = pod.metadata
  const { logs } = cluster.world.kubectlContext({})
  const text = logs?.(namespace, name, container, { previous: isPrevious, timestamps: true, sinceMs })
  if (text === undefined) return undefined
  const lines = text.split('\n')
  lines.pop()
  return lines.map(line => {
    const space = line.indexOf(' ')
    return { at: line.slice(0, space), text: line.slice(space + 1) }
  })
}

function whyNone(found: FoundContainer, { isPrevious }: LogQuery): string {
  const { pod, container } = found
  const { name } = pod.metadata
  if (isPrevious)
    return `previous terminated container ${JSON.stringify(container)} in pod ${JSON.stringify(name)} not found`
  const why = stateOf(found)?.state?.waiting?.reason
  const what = `container ${JSON.stringify(container)} in pod ${JSON.stringify(name)}`
  return why ? `${what} is waiting to start: ${why}` : `${what} is not available`
}

function printed(lines: readonly Line[], { hasTimestamps }: LogQuery): string {
  return lines.map(({ at, text }) => (hasTimestamps ? `${at} ${text}\n` : `${text}\n`)).join('')
}

function limited(bytes: Buffer, limit: number | undefined): Buffer {
  return limit === undefined ? bytes : bytes.subarray(0, Math.max(0, limit))
}

function readQuery(query: URLSearchParams, nowMs: number): LogQuery {
  const sinceSeconds = wholeNumber(query, 'sinceSeconds', 1)
  const sinceTime = query.get('sinceTime')
  if (sinceSeconds !== undefined && sinceTime) {
    throw refused('', 'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified')
  }
  const sinceTimeMs = sinceTime ? Date.parse(sinceTime) : undefined
  if (sinceTimeMs !== undefined && Number.isNaN(sinceTimeMs)) {
    throw new ApiError(statuses.badRequest(`sinceTime ${JSON.stringify(sinceTime)} is no RFC 3339 time`))
  }
  return {
    isFollowed: isTrue(query.get('follow')),
    isPrevious: isTrue(query.get('previous')),
    hasTimestamps: isTrue(query.get('timestamps')),
    sinceMs: sinceSeconds === undefined ? sinceTimeMs : nowMs - sinceSeconds * 1000,
    tailLines: wholeNumber(query, 'tailLines', 0),
    limitBytes: wholeNumber(query, 'limitBytes', 1),
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

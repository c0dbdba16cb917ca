/**
 * Admission's say (CONNECT) before a stream into a pod is opened, or a request handed on by a proxy; a request of its
 * own, where anybody wants to be asked. Mirrors the steps of `handlers.ConnectResource`.
 */
import { ApiError, deepEqual, statuses } from '../../api/index.ts'
import type { ApiServer } from '../../apiserver/index.ts'
import type { Exchange } from '../exchange.ts'
import type { Gateway } from '../gateway.ts'
import { isTrue, type ResourceRoute } from '../route.ts'

/** How a connection is to be made, where admission has changed what the client asked for. */
export interface ChangedOptions {
  /** Of a stream. */
  readonly query?: URLSearchParams
  /** Of a proxy: what follows it, with its escapes. */
  readonly path?: string
}

interface AdmissionParts {
  readonly gateway: Gateway
  /** Throws ApiError for what is refused. */
  readonly open: (changed: ChangedOptions) => void
  /** Hears of bugs. */
  readonly failed: (error: unknown) => void
}

/** Calls `open`, at once or when admission has agreed; else refuses. Throws ApiError 400 for a dry run. */
export function admitConnection(
  exchange: Exchange,
  route: ResourceRoute,
  server: ApiServer,
  { gateway, open, failed }: AdmissionParts,
): void {
  if (exchange.query.has('dryRun')) throw new ApiError(statuses.badRequest('dryRun is not supported'))
  if (!server.admitsConnections(route.resource, route.subresource)) {
    open({})
    return
  }
  const { verb, apiVersion, resource, namespace, name, subresource } = route
  const { world } = gateway.cluster
  const body = subresource === 'proxy' ? proxyOptions(exchange, route) : streamOptions(exchange.query)
  const request = { apiVersion, resource, namespace, name, subresource, body }
  gateway.request(exchange.user, { ...request, verb, options: {} }, result => {
    // Not in the step of the loop that brought the answer: what is opened enters the loop itself.
    queueMicrotask(() => {
      if (!exchange.isOpen) return
      // What was agreed to in a future that is no more is not opened in another.
      if (gateway.cluster.world !== world) {
        exchange.breakOff()
        return
      }
      if (!result.ok) {
        if (result.code === 0) exchange.breakOff()
        else exchange.refuse(result.status)
        return
      }
      try {
        open(changesIn(result.object, body, subresource))
      } catch (error) {
        if (error instanceof ApiError) exchange.refuse(error.status)
        else {
          exchange.refuse(statuses.internalError('the server could not answer'))
          failed(error)
        }
      }
    })
  })
}

/** What became of the options that were asked about. */
function changesIn(admitted: object, asked: object, subresource: string): ChangedOptions {
  const { apiVersion: _, kind: _kind, ...options } = admitted as ConnectOptions
  if (deepEqual(options, asked)) return {}
  if (subresource !== 'proxy') return { query: queryOf(options) }
  const path = options.path ?? ''
  return { path: path.split('/').map(encodeURIComponent).join('/') }
}

/** PodExecOptions and its like, and PodProxyOptions and its. */
interface ConnectOptions {
  readonly apiVersion?: string
  readonly kind?: string
  readonly path?: string
  readonly container?: string
  readonly command?: readonly string[]
  readonly ports?: readonly number[]
  readonly stdin?: boolean
  readonly stdout?: boolean
  readonly stderr?: boolean
  readonly tty?: boolean
}

function queryOf(options: ConnectOptions): URLSearchParams {
  const query = new URLSearchParams()
  for (const flag of FLAGS) if (options[flag]) query.set(flag, '1')
  if (options.container) query.set('container', options.container)
  for (const word of options.command ?? []) query.append('command', word)
  for (const port of options.ports ?? []) query.append('ports', String(port))
  return query
}

const FLAGS = ['stdin', 'stdout', 'stderr', 'tty'] as const

/** PodProxyOptions and its like: the path behind the proxy, with its slash at the end. */
function proxyOptions({ path: whole }: Exchange, { rest }: ResourceRoute): ConnectOptions {
  const path = whole.endsWith('/') ? `${rest}/` : rest
  return path === '' ? {} : { path }
}

/** PodExecOptions and its like, as the query has them. */
function streamOptions(query: URLSearchParams): ConnectOptions {
  const command = query.getAll('command')
  const ports = query.getAll('ports').map(Number)
  const container = query.get('container')
  return {
    ...Object.fromEntries(FLAGS.filter(name => isTrue(query.get(name))).map(name => [name, true])),
    ...(container && { container }),
    ...(command.length > 0 && { command }),
    ...(ports.length > 0 && { ports }),
  }
}

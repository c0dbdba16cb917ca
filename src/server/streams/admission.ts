/** Admission's say (CONNECT) before a stream into a pod is opened; a request of its own, where anybody wants to be asked. */
import { ApiError, statuses } from '../../api/index.ts'
import type { ApiServer } from '../../apiserver/index.ts'
import type { Exchange } from '../exchange.ts'
import type { Gateway } from '../gateway.ts'
import { isTrue, type ResourceRoute } from '../route.ts'

interface AdmissionParts {
  readonly gateway: Gateway
  /** Throws ApiError for what is refused. */
  readonly open: () => void
  /** Hears of bugs. */
  readonly failed: (error: unknown) => void
}

/** Calls `open`, at once or when admission has agreed; else refuses. */
export function admitStream(
  exchange: Exchange,
  route: ResourceRoute,
  server: ApiServer,
  { gateway, open, failed }: AdmissionParts,
): void {
  if (!server.admitsStreams(route.subresource)) {
    open()
    return
  }
  const { verb, apiVersion, resource, namespace, name, subresource } = route
  const { world } = gateway.cluster
  const request = { apiVersion, resource, namespace, name, subresource, body: optionsIn(exchange.query) }
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
        open()
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

const FLAGS = ['stdin', 'stdout', 'stderr', 'tty']

/** PodExecOptions and its like, as the query has them. */
function optionsIn(query: URLSearchParams): object {
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

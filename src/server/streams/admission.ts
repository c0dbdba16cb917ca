/** Admission's say (CONNECT) before a stream into a pod is opened; a request of its own, where anybody wants to be asked. */
import { ApiError } from '../../api/index.ts'
import type { ApiServer } from '../../apiserver/index.ts'
import type { Exchange } from '../exchange.ts'
import type { Gateway } from '../gateway.ts'
import type { ResourceRoute } from '../route.ts'

/** Calls `open`, at once or when admission has agreed; else refuses. */
export function admitStream(
  exchange: Exchange,
  route: ResourceRoute,
  server: ApiServer,
  gateway: Gateway,
  open: () => void,
): void {
  if (!server.admitsStreams(route.subresource)) {
    open()
    return
  }
  const { apiVersion, resource, namespace, name, subresource } = route
  const request = { apiVersion, resource, namespace, name, subresource, body: optionsIn(exchange.query) }
  gateway.request(exchange.user, { ...request, verb: 'create', options: {} }, result => {
    // Not in the step of the loop that brought the answer: what is opened enters the loop itself.
    queueMicrotask(() => {
      if (!result.ok) {
        exchange.refuse(result.status)
        return
      }
      try {
        open()
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        exchange.refuse(error.status)
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
  const isTrue = (name: string) => ['1', 'true'].includes(query.get(name) ?? '')
  return {
    ...Object.fromEntries(FLAGS.filter(isTrue).map(name => [name, true])),
    ...(container && { container }),
    ...(command.length > 0 && { command }),
    ...(ports.length > 0 && { ports }),
  }
}

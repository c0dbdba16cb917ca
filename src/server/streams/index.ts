/** What comes out of a container or goes into it, by subresource of a pod. */
import type { Exchange } from '../exchange.ts'
import type { Gateway } from '../gateway.ts'
import type { ResourceRoute } from '../route.ts'
import { serveLog } from './log.ts'

export type ServeStream = (exchange: Exchange, route: ResourceRoute, gateway: Gateway) => Promise<void> | void

/** Who answers a route's stream; undefined for routes that have none. */
export function streamOf(route: ResourceRoute): ServeStream | undefined {
  if (route.apiVersion !== 'v1' || route.resource !== 'pods' || route.name === '') return undefined
  return STREAMS.get(route.subresource)
}

const STREAMS: ReadonlyMap<string, ServeStream> = new Map([['log', serveLog]])

/**
 * The door: takes HTTP exchanges and finds who answers them, in upstream's order: who asks, how many at once, what
 * for. Whatever goes wrong on the way is answered with a Status, and nothing else.
 */
import { randomUUID } from 'node:crypto'
import { ApiError, Pods, statuses } from '../api/index.ts'
import type { AccessAttributes, ApiServer } from '../apiserver/index.ts'
import type { Connection, Exchange } from './exchange.ts'
import { type FlowControl, TOO_MANY } from './flow-control/index.ts'
import type { Gateway } from './gateway.ts'
import { identify } from './identity.ts'
import { type PathServices, servePath } from './paths.ts'
import { isProxied, serveProxy } from './proxy/index.ts'
import { kindOf, serveResource } from './resources.ts'
import { type Route, routeOf } from './route.ts'
import { admitConnection, type ChangedOptions } from './streams/admission.ts'
import { streamOf } from './streams/index.ts'
import { isUpgraded, serveUpgrade } from './streams/upgrade.ts'

export interface DoorParts extends PathServices {
  readonly gateway: Gateway
  readonly flow: FlowControl
  /** Hears of bugs: the exchange has been answered with a 500 already. */
  readonly failed: (error: unknown) => void
}

export class Door {
  readonly #parts: DoorParts

  constructor(parts: DoorParts) {
    this.#parts = parts
  }

  /** Answers an exchange; never throws. */
  async serve(exchange: Exchange): Promise<void> {
    const startedMs = performance.now()
    exchange.outgoing.setHeader('audit-id', randomUUID())
    exchange.outgoing.on('error', () => {})
    exchange.incoming.on('error', () => {})
    const route = routeOf(exchange.method, exchange.path, exchange.query)
    if (!route) {
      exchange.refuse(statuses.badRequest('the path of the request cannot be understood'))
      return
    }
    const isLong = isLongRunning(route)
    if (isLong) this.#parts.metrics.watches.inc({ verb: 'WATCH' })
    exchange.outgoing.once('close', () => {
      if (isLong) this.#parts.metrics.watches.dec({ verb: 'WATCH' })
      this.#count(exchange, route, (performance.now() - startedMs) / 1000)
    })
    try {
      const server = this.#parts.cluster.world.controlPlane.apiServer.present
      if (!server) {
        exchange.breakOff()
        return
      }
      exchange.user = identify(exchange, server)
      if (!(await this.#isSeated(exchange, route, server))) return
      // One that waited for its seat may have been let in by a server that is no more.
      if (this.#parts.cluster.world.controlPlane.apiServer.present !== server) exchange.breakOff()
      else await this.#answer(exchange, route, server)
    } catch (error) {
      if (error instanceof ApiError) {
        exchange.refuse(error.status)
        return
      }
      exchange.refuse(statuses.internalError('the server could not answer'))
      this.#parts.failed(error)
    }
  }

  /** Answers a request to switch protocols; never throws. */
  upgrade(exchange: Exchange, connection: Connection): void {
    try {
      const route = routeOf(exchange.method, exchange.path, exchange.query)
      const server = this.#parts.cluster.world.controlPlane.apiServer.present
      if (!server) {
        connection.socket.destroy()
        return
      }
      if (!route?.isResource || !isUpgraded(route)) {
        // Watches and logs go on over the WebSocket; for others the wish to switch is no more than a wish.
        if (exchange.method === 'GET' && !(route?.isResource && isProxied(route))) void this.serve(exchange)
        else exchange.notFound()
        return
      }
      if (route.verb !== 'get' && route.verb !== 'create') {
        exchange.refuse(statuses.methodNotAllowed(Pods, route.verb))
        return
      }
      exchange.user = identify(exchange, server)
      const refused = server.authorize(exchange.user, route)
      if (refused) {
        exchange.refuse(refused)
        return
      }
      const { gateway } = this.#parts
      // Before the protocol is looked at: kubectl asks again by SPDY what WebSockets were refused, and shows that answer.
      const open = ({ query = exchange.query }: ChangedOptions) =>
        serveUpgrade(exchange, route, gateway, { connection, query })
      admitConnection(exchange, route, server, { gateway, open, failed: this.#parts.failed })
    } catch (error) {
      if (error instanceof ApiError) exchange.refuse(error.status)
      else {
        exchange.refuse(statuses.internalError('the server could not answer'))
        this.#parts.failed(error)
      }
    }
  }

  /** Waits until there is a seat for the request, which it has until it is answered; false when there is none. */
  async #isSeated(exchange: Exchange, route: Route, server: ApiServer): Promise<boolean> {
    const isWatch = route.verb === 'watch'
    if (isLongRunning(route) && !isWatch) return true
    const { flow } = this.#parts
    const sorted = flow.sort({ user: exchange.user, route }, server, exchange.query)
    const { outgoing } = exchange
    const gone = new AbortController()
    outgoing.once('close', () => gone.abort())
    const { uid: schema = '' } = sorted.schema.metadata
    const { uid: level = '' } = sorted.configuration.metadata
    outgoing.setHeader('x-kubernetes-pf-flowschema-uid', schema)
    outgoing.setHeader('x-kubernetes-pf-prioritylevel-uid', level)
    const leave = await flow.enter(sorted, READ_ONLY.has(route.verb), gone.signal)
    if (!leave) {
      exchange.refuse(TOO_MANY)
      return false
    }
    outgoing.once('close', leave)
    // What a watch costs is its beginning.
    if (isWatch) exchange.whenBegun(leave)
    return true
  }

  async #answer(exchange: Exchange, route: Route, server: ApiServer): Promise<void> {
    if (!route.isResource) {
      const refused = server.authorize(exchange.user, { ...NOTHING, verb: route.verb, path: route.path })
      if (refused) exchange.refuse(refused)
      else await servePath(exchange, route.path, this.#parts)
      return
    }
    const serveStream = isUpgraded(route) ? refuseStream : isProxied(route) ? serveProxy : streamOf(route)
    if (!serveStream) {
      const kind = kindOf(this.#parts.cluster.world.controlPlane.scheme, route)
      if (kind) {
        await serveResource(exchange, route, kind, this.#parts.gateway)
        return
      }
      // Who may not look does not learn that there is nothing.
      const refused = server.authorize(exchange.user, route)
      if (refused) exchange.refuse(refused)
      else exchange.notFound()
      return
    }
    const { verb, subresource } = route
    const refused = server.authorize(exchange.user, { ...route, verb: subresource === 'log' ? 'get' : verb })
    if (refused) {
      exchange.refuse(refused)
      return
    }
    const { gateway, failed } = this.#parts
    if (serveStream !== serveProxy) await serveStream(exchange, route, gateway)
    else {
      const open = ({ path }: ChangedOptions) => serveProxy(exchange, route, gateway, path)
      admitConnection(exchange, route, server, { gateway, open, failed })
    }
  }

  #count(exchange: Exchange, route: Route, seconds: number): void {
    const { statusCode: code } = exchange.outgoing
    const verb = route.verb.toUpperCase()
    const none = { group: '', version: '', resource: '', subresource: '', scope: '' }
    if (!route.isResource || code === 404) {
      this.#parts.metrics.count({ ...none, verb, code, seconds })
      return
    }
    const { group, version, resource, subresource, namespace, name } = route
    const scope = name ? 'resource' : namespace ? 'namespace' : 'cluster'
    this.#parts.metrics.count({ verb, group, version, resource, subresource, scope, code, seconds })
  }
}

const READ_ONLY: ReadonlySet<string> = new Set(['get', 'list', 'watch', 'head', 'options'])

const NOTHING: Omit<AccessAttributes, 'verb'> = Object.freeze({
  group: '',
  resource: '',
  subresource: '',
  namespace: '',
  name: '',
})

/** A stream that comes without the wish to switch protocols. */
function refuseStream(exchange: Exchange): void {
  exchange.refuse(statuses.badRequest('Upgrade request required'))
}

function isLongRunning(route: Route): boolean {
  if (!route.isResource) return false
  return route.verb === 'watch' || LONG_SUBRESOURCES.has(route.subresource)
}

const LONG_SUBRESOURCES: ReadonlySet<string> = new Set(['log', 'exec', 'attach', 'portforward', 'proxy'])

/**
 * Watches: one JSON line an event, for as long as both sides want. A client that does not read is let go when too
 * much waits for it. Mirrors `handlers/watch.go`.
 */
import type { AnyKind, KubeObject, Status } from '../api/index.ts'
import type { WatchEvent } from '../client/index.ts'
import type { OutsideRequest } from '../cluster/index.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import type { Form } from './negotiate.ts'
import { type IncludeObject, partial, tableOf } from './shapes.ts'

/** Bytes that may wait for a client that does not read. */
const MOST_WAITING_BYTES = 16 * 1024 * 1024

export function serveWatch(
  exchange: Exchange,
  kind: AnyKind,
  request: OutsideRequest,
  form: Form,
  include: IncludeObject,
  gateway: Gateway,
): void {
  const { outgoing } = exchange
  let hasBegun = false
  let isOver = false
  const begin = () => {
    if (hasBegun || isOver) return
    hasBegun = true
    exchange.begin(200, 'application/json')
    // The head alone tells the client that it is being served.
    outgoing.flushHeaders?.()
  }
  const write = (lines: string) => {
    begin()
    outgoing.write(lines)
    if (outgoing.writableLength > MOST_WAITING_BYTES) leave()
  }
  const lineOf = lineMaker(kind, form, include, () => gateway.cluster.sim.now)
  const stop = gateway.watch(exchange.user, request, {
    opened: begin,
    events: events => {
      if (!isOver) write(events.map(lineOf).join(''))
    },
    ended: status => {
      if (isOver) return
      if (status && !hasBegun && status.reason !== 'Expired') {
        isOver = true
        if (status.code === 503) exchange.breakOff()
        else exchange.refuse(status)
        return
      }
      if (status) write(errorLine(status))
      begin()
      isOver = true
      outgoing.end()
    },
  })
  const leave = () => {
    if (isOver) return
    isOver = true
    stop()
    outgoing.destroy()
  }
  outgoing.once('close', leave)
  outgoing.once('error', leave)
}

function errorLine(status: Status): string {
  return `${JSON.stringify({ type: 'ERROR', object: status })}\n`
}

/** Gives what makes the line of an event. Lines of whole objects are made once for all who watch. */
function lineMaker(
  kind: AnyKind,
  form: Form,
  include: IncludeObject,
  now: () => number,
): (event: WatchEvent) => string {
  if (form.shape === 'object') return plainLine
  const apiVersion = `meta.k8s.io/${form.metaVersion}`
  let hasColumns = true
  const objectOf = (object: KubeObject) => {
    if (form.shape === 'partial') return partial(object, apiVersion)
    const { resourceVersion } = object.metadata
    const table = tableOf(kind, [object], {
      metadata: { resourceVersion },
      apiVersion,
      include,
      nowMs: now(),
      hasColumns,
    })
    hasColumns = false
    return table
  }
  return ({ type, object }) => `${JSON.stringify({ type, object: objectOf(object) })}\n`
}

function plainLine(event: WatchEvent): string {
  let line = lines.get(event)
  if (line === undefined) {
    line = `${JSON.stringify({ type: event.type, object: event.object })}\n`
    lines.set(event, line)
  }
  return line
}
const lines = new WeakMap<WatchEvent, string>()

/**
 * Watches: one JSON line an event, for as long as both sides want. A client that does not read is let go when too
 * much waits for it. Mirrors `handlers/watch.go`.
 */
import type { AnyKind, Status } from '../api/index.ts'
import type { WatchEvent } from '../client/index.ts'
import type { OutsideRequest } from '../cluster/index.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { jsonOf } from './json-text.ts'
import type { Form } from './negotiate.ts'
import { linesOutlet } from './outlet.ts'
import { type IncludeObject, partial, tableOf } from './shapes.ts'

export function serveWatch(
  exchange: Exchange,
  kind: AnyKind,
  request: OutsideRequest,
  form: Form,
  include: IncludeObject,
  gateway: Gateway,
): void {
  const { outgoing } = exchange
  const outlet = linesOutlet(exchange)
  if (!outlet) return
  let hasBegun = false
  let isOver = false
  const begin = () => {
    if (hasBegun || isOver) return
    hasBegun = true
    outlet.begin()
  }
  const write = (lines: readonly Buffer[]) => {
    begin()
    if (!outlet.write(lines)) leave()
  }
  const lineOf = lineMaker(kind, form, include, () => gateway.cluster.sim.now)
  const stop = gateway.watch(exchange.user, request, {
    opened: begin,
    events: events => {
      if (isOver) return
      write(events.map(lineOf))
    },
    ended: status => {
      if (isOver) return
      if (status && !hasBegun && status.reason !== 'Expired') {
        isOver = true
        if (status.code === 503) exchange.breakOff()
        else exchange.refuse(status)
        return
      }
      if (status) write([errorLine(status)])
      begin()
      isOver = true
      outlet.end()
    },
    broke: () => {
      if (isOver) return
      isOver = true
      exchange.fail()
      // Not in the step of the loop that told of it: a cancellation enters the loop itself.
      setImmediate(stop)
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

function errorLine(status: Status): Buffer {
  return Buffer.from(`${JSON.stringify({ type: 'ERROR', object: status })}\n`)
}

/**
 * Gives what makes the line of an event. Lines are made once for all who watch in the same form: a change that a
 * thousand are told of is written once.
 */
function lineMaker(
  kind: AnyKind,
  form: Form,
  include: IncludeObject,
  now: () => number,
): (event: WatchEvent) => Buffer {
  if (form.shape === 'object') return event => shared(event, 'object', () => plainLine(event))
  const apiVersion = `meta.k8s.io/${form.metaVersion}`
  if (form.shape === 'partial') {
    return event =>
      shared(event, `partial ${apiVersion}`, () => lineFor(event.type, partial(event.object, apiVersion)))
  }
  let hasColumns = true
  return event => {
    const nowMs = now()
    const hadColumns = hasColumns
    hasColumns = false
    return shared(event, `table ${apiVersion} ${include} ${hadColumns} ${nowMs}`, () => {
      const { resourceVersion } = event.object.metadata
      const metadata = { resourceVersion }
      const request = { metadata, apiVersion, include, nowMs, hasColumns: hadColumns }
      return lineFor(event.type, tableOf(kind, [event.object], request))
    })
  }
}

function plainLine({ type, object }: WatchEvent): string {
  return `{"type":"${type}","object":${jsonOf(object, 'whole')}}\n`
}

function lineFor(type: string, object: object): string {
  return `${JSON.stringify({ type, object })}\n`
}

/** An event's line in a form, kept until the event is asked for in another. */
function shared(event: WatchEvent, form: string, make: () => string): Buffer {
  const known = lines.get(event)
  if (known?.form === form) return known.bytes
  const bytes = Buffer.from(make())
  lines.set(event, { form, bytes })
  return bytes
}
const lines = new WeakMap<WatchEvent, { readonly form: string; readonly bytes: Buffer }>()

/** `kubectl events`: what happened, in the order it was last seen. Watching (`-w`) is left to `kubectl get -w`. */
import { type Event, Events, type KubeList } from '../../api/index.ts'
import { type ApiResult, call, requestFor } from '../../client/index.ts'
import type { Command, Invocation } from '../context.ts'
import { eventInterval } from '../describe/events.ts'
import { KubectlError, statusError } from '../kubectl-error.ts'
import { textTable } from '../printers/text-table.ts'
import { readResources } from '../resources.ts'
import { resultPrinter } from '../results.ts'

export const EVENTS: Command = {
  name: 'events',
  flags: [
    { name: 'for', type: 'string' },
    { name: 'types', type: 'list' },
    { name: 'all-namespaces', short: 'A', type: 'boolean' },
    { name: 'no-headers', type: 'boolean' },
    { name: 'output', short: 'o', type: 'string' },
  ],
  *run(invocation) {
    const { args, context, output } = invocation
    const { flags } = args
    const isEverywhere = flags.isSet('all-namespaces')
    const types = flags.list('types').map(type => type.toLowerCase())
    if (types.some(type => type !== 'normal' && type !== 'warning')) {
      throw new KubectlError('error: valid --types are Normal or Warning')
    }
    const namespace = isEverywhere ? '' : invocation.namespace
    const list: ApiResult<KubeList<Event>> = yield* call(
      context.api,
      requestFor('list', Events, namespace, '', { options: { fieldSelector: selectorFor(invocation) } }),
    )
    if (!list.ok) throw statusError(list.status)
    const events = list.object.items
      .filter(({ type = '' }) => types.length === 0 || types.includes(type.toLowerCase()))
      .sort((a, b) => lastSeenMs(a) - lastSeenMs(b))
    if (events.length === 0) {
      output.err(isEverywhere ? 'No events found.\n' : `No events found in ${namespace} namespace.\n`)
      return
    }
    if (flags.has('output')) {
      const print = resultPrinter(invocation)
      for (const event of events) print(Events, event, '')
      return
    }
    const rows = events.map(event => row(event, context.sim.now))
    if (!flags.isSet('no-headers')) rows.unshift(['LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'])
    const namespaces = events.map(event => event.metadata.namespace ?? '')
    if (!flags.isSet('no-headers')) namespaces.unshift('NAMESPACE')
    const table = isEverywhere ? rows.map((cells, i) => [namespaces[i]!, ...cells]) : rows
    output.out(
      textTable(table)
        .map(line => `${line}\n`)
        .join(''),
    )
  },
}

function selectorFor(invocation: Invocation): string | undefined {
  const { args, context } = invocation
  const word = args.flags.text('for')
  if (word === undefined) return undefined
  if (!word.includes('/')) throw new KubectlError('error: --for must be in resource/name form')
  const [request] = readResources(context.scheme, [word])
  const { kind, names } = request!
  const about = `involvedObject.kind=${kind.kind},involvedObject.apiVersion=${kind.apiVersion}`
  return `${about},involvedObject.name=${names![0]}`
}

function lastSeenMs({ series, lastTimestamp, eventTime }: Event): number {
  const time = series ? series.lastObservedTime : (lastTimestamp ?? eventTime)
  return time ? Date.parse(time) : 0
}

function row(event: Event, nowMs: number): string[] {
  const { type = '', reason = '', message = '', involvedObject } = event
  const object = `${involvedObject.kind ?? ''}/${involvedObject.name ?? ''}`
  return [eventInterval(event, nowMs), type, reason, object, message.trim()]
}

/**
 * Carries out what a reconcile wants, in order, over the wire: the first refusal ends it. A crash between two
 * intents is a crash between two writes.
 */
import { type AnyKind, CLIENT, type KubeObject, type Status } from '../api/index.ts'
import type { Routine, Simulation } from '../sim/index.ts'
import { type ApiPort, type ApiRequest, type ApiResult, requestFor } from './api-port.ts'
import { call } from './call.ts'
import type { EventIntent, Intent } from './controller.ts'
import type { ControllerStats } from './controller-host.ts'
import type { EventRecorder } from './event-recorder.ts'
import type { Expectations } from './expectations.ts'
import type { Informers } from './informers.ts'

interface RunnerParts {
  readonly api: ApiPort
  readonly informers: Informers
  readonly sim: Simulation
  readonly recorder: EventRecorder
  readonly stats: ControllerStats
  readonly expectations: Expectations
  readonly expects: readonly AnyKind[]
  readonly onSatisfied: (key: string) => void
  /** An intent has changed an object of that kind: what the server answered. */
  readonly onWritten: (kind: AnyKind, object: KubeObject) => void
}

type SingleIntent = Exclude<Intent, { do: 'batch' }>
type RequestIntent = Exclude<SingleIntent, EventIntent>

export class IntentRunner {
  readonly #parts: RunnerParts

  constructor(parts: RunnerParts) {
    this.#parts = parts
  }

  /** Runs the intents of the controller's `key`; gives false when one was refused and the rest left undone. */
  *run(key: string, intents: readonly Intent[]): Routine<boolean> {
    for (const intent of intents) {
      const refusal =
        intent.do === 'batch' ? yield* this.#batch(key, intent) : yield* this.#single(key, intent)
      if (!refusal) continue
      if ('onRefusal' in intent && intent.onRefusal) yield* this.run(key, intent.onRefusal(refusal))
      return false
    }
    return true
  }

  *#single(key: string, intent: SingleIntent): Routine<Status | undefined> {
    if (intent.do === 'event') {
      this.#record(intent)
      return undefined
    }
    this.#expect(key, [intent])
    const result = yield* call(this.#parts.api, this.#send(intent))
    return this.#settle(key, intent, result)
  }

  /** Rounds of 1, 2, 4, ... with slow start, else one round of all; a refusal ends it after its round. */
  *#batch(key: string, batch: Extract<Intent, { do: 'batch' }>): Routine<Status | undefined> {
    const intents = batch.intents.filter(isRequest)
    this.#expect(key, intents)
    let size = batch.slowStart ? CLIENT.slowStartInitial : intents.length
    for (let start = 0; start < intents.length; size *= 2) {
      const end = Math.min(start + size, intents.length)
      const refusal = yield* this.#round(key, intents.slice(start, end))
      if (refusal) {
        for (const skipped of intents.slice(end)) this.#lower(key, skipped)
        return refusal
      }
      start = end
    }
    for (const intent of batch.intents) if (intent.do === 'event') this.#record(intent)
    return undefined
  }

  /** Sends all at once; gives the first refusal when all are answered. */
  *#round(key: string, round: readonly RequestIntent[]): Routine<Status | undefined> {
    return (yield {
      arm: process => {
        let missing = round.length
        let refusal: Status | undefined
        for (const intent of round) {
          this.#parts.api.request(this.#send(intent), result => {
            const refused = this.#settle(key, intent, result)
            refusal ??= refused
            if (--missing === 0) process.resume(refusal)
          })
        }
      },
    }) as Status | undefined
  }

  #send(intent: RequestIntent): ApiRequest {
    this.#parts.stats.intents++
    switch (intent.do) {
      case 'create': {
        const { namespace = '', name = '' } = intent.object.metadata
        return requestFor('create', intent.kind, namespace, name, { body: intent.object })
      }
      case 'update': {
        const { namespace = '', name } = intent.object.metadata
        const { subresource, object } = intent
        return requestFor('update', intent.kind, namespace, name, { subresource, body: object })
      }
      case 'patch': {
        const { namespace, name, subresource, patch, options } = intent
        return requestFor('patch', intent.kind, namespace, name, { subresource, body: patch, options })
      }
      case 'delete': {
        const { namespace = '', name, uid } = intent.object.metadata
        const options = intent.options ?? { preconditions: { uid } }
        return requestFor('delete', intent.kind, namespace, name, { options })
      }
    }
  }

  /** Takes note of the answer; gives the refusal unless the intent counts as done. */
  #settle(key: string, intent: RequestIntent, result: ApiResult): Status | undefined {
    if (result.ok) {
      if (intent.do === 'update' || intent.do === 'patch') this.#parts.onWritten(intent.kind, result.object)
      if (intent.event) this.#record(intent.event, '{name}', result.object)
      return undefined
    }
    this.#lower(key, intent)
    const { reason, message = '' } = result.status
    if (isFine(intent, result)) return undefined
    if (reason === 'Conflict') this.#parts.stats.conflicts++
    else if ('failureEvent' in intent && intent.failureEvent) {
      this.#record(intent.failureEvent, '{error}', message)
    }
    return result.status
  }

  #record(event: EventIntent, placeholder = '', value: KubeObject | string = ''): void {
    const text = typeof value === 'string' ? value : value.metadata?.name
    const message = placeholder ? event.message.replace(placeholder, () => text ?? '') : event.message
    this.#parts.recorder.event(event.about, event.type, event.reason, message)
  }

  /** Raises what the controller must see before it may count again. */
  #expect(key: string, intents: readonly RequestIntent[]): void {
    const { expects, expectations, sim, informers } = this.#parts
    if (expects.length === 0) return
    let creates = 0
    for (const intent of intents) {
      if (!expects.includes(intent.kind)) continue
      if (intent.do === 'create') creates++
      if (intent.do !== 'delete') continue
      const { namespace = '', name, uid } = intent.object.metadata
      const known = informers.of(intent.kind).get(namespace, name) as KubeObject | undefined
      // What the cache has seen going already will not be seen going again.
      if (known?.metadata.uid !== uid || known.metadata.deletionTimestamp) continue
      expectations.expectDelete(key, uid, sim.now)
    }
    if (creates > 0) expectations.expectCreates(key, creates, sim.now)
  }

  #lower(key: string, intent: RequestIntent): void {
    const { expects, expectations, onSatisfied } = this.#parts
    if (!expects.includes(intent.kind)) return
    let isSatisfied = false
    if (intent.do === 'create') isSatisfied = expectations.lowerCreates(key, 1)
    if (intent.do === 'delete') isSatisfied = expectations.lowerDelete(key, intent.object.metadata.uid)
    if (isSatisfied) onSatisfied(key)
  }
}

function isRequest(intent: Intent): intent is RequestIntent {
  return intent.do !== 'batch' && intent.do !== 'event'
}

/** Refusals that leave nothing to do. */
function isFine(intent: RequestIntent, result: Extract<ApiResult, { ok: false }>): boolean {
  const { reason, details } = result.status
  if (intent.do === 'create') {
    if (reason === 'AlreadyExists') return intent.isFineIfExists === true
    // Every upstream controller gives up quietly in a namespace that is going away.
    return details?.causes?.some(cause => cause.reason === 'NamespaceTerminating') === true
  }
  if (reason !== 'NotFound') return false
  return intent.do === 'delete'
    ? intent.isFineIfGone !== false
    : intent.do === 'patch' && !!intent.isFineIfGone
}

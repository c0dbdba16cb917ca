/**
 * Writes core/v1 Events as client-go's tools/record does: a POST for the first of its kind, a PATCH of count and
 * time for the same again. Nobody waits for it. Differs in having one request under way per Event rather than
 * one per recorder; what is counted meanwhile goes into the next PATCH.
 */
import { EVENT_RECORDING, type Event, Events, type KubeObject, type NewObject } from '../api/index.ts'
import { formatTime, hash32, hash32Of, hashName, type Label, type Scope } from '../sim/index.ts'
import { type ApiPort, type ApiResult, type RequestOptions, requestFor } from './api-port.ts'
import { EventCorrelator, type EventSeries } from './event-correlator.ts'

/** Who speaks: `{ component: 'kubelet', host: 'node-1' }`. */
export interface EventSourceName {
  readonly component: string
  readonly host?: string
}

/** What an event is about, as it stands in `involvedObject`. */
export interface ObjectReference {
  readonly apiVersion?: string
  readonly kind: string
  readonly namespace?: string
  readonly name: string
  readonly uid: string
  readonly resourceVersion?: string
  readonly fieldPath?: string
}

interface Delivery {
  readonly series: EventSeries
  readonly about: ObjectReference
  readonly type: string
  readonly reason: string
  readonly namespace: string
  /** The object's kind and place as sent with a POST. */
  tries: number
}

const PATCH_OPTIONS: RequestOptions = Object.freeze({ patchType: 'strategic' })

export class EventRecorder {
  readonly #scope: Scope
  readonly #api: ApiPort
  readonly #source: Readonly<EventSourceName>
  readonly #correlator = new EventCorrelator()
  readonly #seed: number
  readonly #retryLabel: Label
  #names = 0
  #lastMs = 0
  #lastNs = 0
  #outstanding = 0
  /** Events thrown away because too many were waiting. */
  dropped = 0

  constructor(scope: Scope, api: ApiPort, source: EventSourceName) {
    this.#scope = scope
    this.#api = api
    this.#source = Object.freeze({ ...source })
    this.#seed = hash32(scope.sim.seed, hashName(source.component), hashName(source.host ?? ''))
    this.#retryLabel = scope.sim.label('events/retry')
  }

  /** Records something about an object; `fieldPath` names a part of it (`spec.containers{nginx}`). */
  event(
    about: KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    fieldPath?: string,
  ): void {
    const { metadata } = about
    const reference: ObjectReference = {
      kind: about.kind,
      namespace: metadata.namespace,
      name: metadata.name,
      uid: metadata.uid,
      apiVersion: about.apiVersion,
      resourceVersion: metadata.resourceVersion,
      fieldPath,
    }
    this.eventAbout(reference, type, reason, message)
  }

  /** The same for what is known by reference only, such as a node by its own kubelet. */
  eventAbout(about: ObjectReference, type: 'Normal' | 'Warning', reason: string, message: string): void {
    const { now } = this.#scope.sim
    const series = this.#correlator.observe(about.uid, type, reason, message, about.fieldPath, now)
    if (!series) return
    if (series.state === 'sending') {
      series.isStale = true
      return
    }
    if (this.#outstanding >= EVENT_RECORDING.maxQueued) {
      this.dropped++
      return
    }
    this.#outstanding++
    if (series.name === '') series.name = `${about.name}.${this.#uniqueTime(now)}`
    this.#send({ series, about, type, reason, namespace: about.namespace || 'default', tries: 0 })
  }

  #send(delivery: Delivery): void {
    const { series, namespace } = delivery
    const isStored = series.state === 'stored'
    series.state = 'sending'
    series.isStale = false
    const request = isStored
      ? requestFor('patch', Events, namespace, series.name, {
          body: { count: series.count, lastTimestamp: formatTime(series.lastMs), message: series.message },
          options: PATCH_OPTIONS,
        })
      : requestFor('create', Events, namespace, series.name, { body: this.#newEvent(delivery) })
    this.#api.request(request, result => this.#answered(delivery, isStored, result))
  }

  #answered(delivery: Delivery, wasStored: boolean, result: ApiResult): void {
    const { series } = delivery
    if (result.ok) series.state = 'stored'
    else if (result.code === 0 && ++delivery.tries < EVENT_RECORDING.maxTries) {
      // Nobody answered: the same again later. What is counted meanwhile joins it.
      this.#scope.schedule(
        EVENT_RECORDING.retryMs,
        this.#retryLabel,
        () => {
          series.state = wasStored ? 'stored' : 'new'
          this.#send(delivery)
        },
        undefined,
      )
      return
    } else {
      series.state = 'new'
      // The Event has expired: it is written anew, with the count it has by now.
      series.isStale ||= wasStored && result.code === 404
    }
    if (series.isStale) {
      this.#send(delivery)
      return
    }
    this.#outstanding--
  }

  #newEvent(delivery: Delivery): NewObject<Event> {
    const { series, about, type, reason, namespace } = delivery
    const { component, host } = this.#source
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: series.name, namespace },
      involvedObject: about,
      reason,
      message: series.message,
      source: this.#source,
      firstTimestamp: formatTime(series.firstMs),
      lastTimestamp: formatTime(series.lastMs),
      count: series.count,
      type,
      eventTime: null,
      reportingComponent: component,
      reportingInstance: host ?? '',
    }
  }

  /**
   * Sixteen hex digits of a time in ns: the clock's ms with ns drawn from the recorder's counter, later for what is
   * said later, as lists show Events in the order of their names.
   */
  #uniqueTime(nowMs: number): string {
    const drawn = hash32Of(this.#seed, this.#names++)
    const isSameMs = nowMs === this.#lastMs
    const ns = isSameMs ? Math.min(this.#lastNs + 1 + (drawn % 1000), 999_999) : drawn % 500_000
    this.#lastMs = nowMs
    this.#lastNs = ns
    // now x 1e6 + ns passes 2^53: worked out in two halves around 2^16.
    const low = (nowMs % 65_536) * 1_000_000 + ns
    const high = Math.floor(nowMs / 65_536) * 1_000_000 + Math.floor(low / 65_536)
    const tail = (high % 65_536) * 65_536 + (low % 65_536)
    return (
      Math.floor(high / 65_536)
        .toString(16)
        .padStart(8, '0') + tail.toString(16).padStart(8, '0')
    )
  }
}

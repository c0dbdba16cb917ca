/**
 * The way to webhooks: the port that the cluster (Services inside the simulation) and the door (https URLs outside,
 * whose answers are recorded inputs) fill. Mirrors `k8s.io/apiserver/pkg/util/webhook`.
 */
import { type KubeObject, Services } from '../api/index.ts'
import type { Cacher } from './cacher.ts'

/** Where a webhook is: a URL, or a Service of the cluster. */
export interface WebhookTarget {
  readonly url?: string
  readonly service?: {
    readonly namespace: string
    readonly name: string
    readonly path?: string
    readonly port?: number
  }
}

export type WebhookAnswer =
  | { readonly ok: true; readonly body: unknown }
  /** Why there was none, as Go's HTTP client puts it: `dial tcp 10.96.0.7:443: connect: connection refused`. */
  | { readonly ok: false; readonly message: string }

export interface WebhookPort {
  /** Posts an AdmissionReview; `reply` is called once, after `timeoutMs` at the latest. */
  call(
    target: WebhookTarget,
    review: unknown,
    timeoutMs: number,
    reply: (answer: WebhookAnswer) => void,
  ): void
}

/** Nobody is there: every connection is refused. */
export const NO_WEBHOOKS: WebhookPort = Object.freeze({
  call(
    { url = '' }: WebhookTarget,
    _review: unknown,
    _timeoutMs: number,
    reply: (answer: WebhookAnswer) => void,
  ) {
    const host = /^https:\/\/([^/:]+)/.exec(url)?.[1]
    const why = host ? `dial tcp: lookup ${host}: no such host` : 'connect: connection refused'
    reply({ ok: false, message: why })
  },
})

/** What a call is named by in messages: `https://web.default.svc:443/validate?timeout=10s`. */
export function addressOf({ url, service }: WebhookTarget, timeoutSeconds: number): string {
  const place =
    url ?? `https://${service?.name}.${service?.namespace}.svc:${service?.port ?? 443}${service?.path ?? ''}`
  return `${place}?timeout=${timeoutSeconds}s`
}

/** Why a Service cannot be called at all; undefined when it may be tried. */
export function missingService({ service }: WebhookTarget, cacher: Cacher): string | undefined {
  if (!service) return undefined
  const found: KubeObject | undefined = cacher.known(Services)?.get(service.namespace, service.name)?.object
  return found ? undefined : `service ${JSON.stringify(service.name)} not found`
}

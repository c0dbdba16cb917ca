/**
 * The way to webhooks: the port that the cluster fills, for Services inside the simulation and for https URLs outside,
 * whose answers are recorded inputs. Mirrors `k8s.io/apiserver/pkg/util/webhook`.
 */
import { type Service, Services } from '../api/index.ts'
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
  /** Who signs its certificate: PEM in base64. */
  readonly caBundle?: string
}

export type WebhookAnswer =
  /** `body` is undefined where it is no JSON. */
  | { readonly ok: true; readonly code?: number; readonly body: unknown }
  /** Why there was none, as Go's HTTP client puts it: `dial tcp 10.96.0.7:443: connect: connection refused`. */
  | { readonly ok: false; readonly message: string }

export interface WebhookPort {
  /** Posts a review; `reply` is called once, after `timeoutMs` at the latest. */
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
  const found = cacher.known(Services)?.get(service.namespace, service.name)?.object
  if (!found) return `service ${JSON.stringify(service.name)} not found`
  const port = service.port ?? 443
  const { ports = [] } = (found as Service).spec
  if (ports.some(one => one.port === port)) return undefined
  return `no service port ${port} found for service ${JSON.stringify(service.name)}`
}

/** What upstream's client makes of an answer that is no success: nothing for a success. */
export function failureOf(code: number): string | undefined {
  if (code >= 200 && code < 300) return undefined
  switch (code) {
    case 400:
      return 'the server rejected our request for an unknown reason'
    case 401:
      return 'the server has asked for the client to provide credentials'
    case 403:
      return 'unknown'
    case 404:
      return 'the server could not find the requested resource'
    case 405:
      return 'the server does not allow this method on the requested resource'
    case 503:
      return 'the server is currently unable to handle the request'
    case 504:
      return 'the server was unable to return a response in the time allotted, but may still be processing the request'
    default:
      return code >= 500
        ? 'an error on the server ("unknown") has prevented the request from succeeding'
        : `the server responded with the status code ${code} but did not return more information`
  }
}

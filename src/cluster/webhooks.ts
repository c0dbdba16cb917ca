/**
 * How the API server's calls reach webhooks. A Service is asked over the simulated network, entered by the first node
 * that the API server reaches, as its own kube-proxy would send it. A URL lies outside: whoever holds the door asks it
 * and lets the answer in as an input, so that a recording needs no network; until then, or its timeout, it is waited for.
 * TLS inside the simulation is not modelled.
 */
import { type Service, Services } from '../api/index.ts'
import type { WebhookAnswer, WebhookPort, WebhookTarget } from '../apiserver/index.ts'
import type { AppRequest } from '../kubelet/index.ts'
import type { Label } from '../sim/index.ts'
import { API_SERVER } from './control-plane.ts'
import type { World } from './world.ts'

/** A call that leaves the simulation. */
export interface OutsideCall {
  /** What the answer's input names it by. */
  readonly call: number
  readonly url: string
  /** PEM in base64; the platform's own authorities without one. */
  readonly caBundle: string | undefined
  readonly body: string
  readonly timeoutMs: number
}

type Reply = (answer: WebhookAnswer) => void

/** A call that somebody outside has to answer by then. */
interface Pending {
  readonly asked: Omit<OutsideCall, 'timeoutMs'>
  readonly deadlineMs: number
  readonly reply: Reply
}

const TIMED_OUT: WebhookAnswer = Object.freeze({ ok: false, message: 'context deadline exceeded' })

const NOT_OUTSIDE = -1

export class Webhooks implements WebhookPort {
  readonly #world: World
  readonly #timeout: Label
  readonly #relay: Label
  /** Calls to the outside under way. */
  readonly #pending = new Map<number, Pending>()
  #count = 0
  #ask: ((call: OutsideCall) => void) | undefined

  constructor(world: World) {
    this.#world = world
    this.#timeout = world.sim.label('apiserver/webhook-timeout')
    this.#relay = world.sim.label('apiserver/webhook')
  }

  /**
   * Tells a front end of every call that leaves the simulation, those that wait already among them: after a rewind they
   * are what was asked before and answered later. It answers with an input.
   */
  toOutside(ask: (call: OutsideCall) => void): void {
    this.#ask = ask
    for (const { asked, deadlineMs } of this.#pending.values()) {
      ask({ ...asked, timeoutMs: deadlineMs - this.#world.sim.now })
    }
  }

  call(target: WebhookTarget, review: unknown, timeoutMs: number, reply: Reply): void {
    const { sim } = this.#world
    const call = target.service ? NOT_OUTSIDE : this.#count++
    let isOver = false
    const once: Reply = answer => {
      if (isOver) return
      isOver = true
      sim.cancel(timer)
      reply(answer)
    }
    const giveUp = () => {
      this.#pending.delete(call)
      once(TIMED_OUT)
    }
    const timer = sim.root.schedule(timeoutMs, this.#timeout, giveUp, undefined)
    const body = JSON.stringify(review)
    const query = `timeout=${timeoutMs / 1000}s`
    if (target.service) this.#askService(target.service, query, body, once)
    else {
      const { url = '', caBundle } = target
      const asked = { call, url: `${url}${url.includes('?') ? '&' : '?'}${query}`, caBundle, body }
      this.#pending.set(call, { asked, deadlineMs: sim.now + timeoutMs, reply: once })
      this.#ask?.({ ...asked, timeoutMs })
    }
  }

  /** An answer has come from outside; too late, or for nobody, it is nothing. */
  answered(call: number, answer: WebhookAnswer): void {
    const pending = this.#pending.get(call)
    this.#pending.delete(call)
    pending?.reply(answer)
  }

  #askService(
    service: NonNullable<WebhookTarget['service']>,
    query: string,
    body: string,
    reply: Reply,
  ): void {
    const { sim, wire, network, observer, machines } = this.#world
    const { namespace, name, path = '/', port = 443 } = service
    const object = observer.get({ kind: Services, namespace, name })
    const address = object && (object as Service).spec.clusterIP
    const host = address && address !== 'None' ? address : `${name}.${namespace}.svc.cluster.local`
    const entry = [...machines].find(one => one.runtime && !wire.isCut(API_SERVER, one.name))
    // Without a way the SYN is never answered: the timeout speaks.
    if (!entry?.runtime) return
    const from = { network: entry.runtime.hostNetwork, podNamespace: namespace }
    const request: AppRequest = {
      protocol: 'http',
      method: 'POST',
      path: `${path}?${query}`,
      headers: {
        host: `${name}.${namespace}.svc`,
        'content-type': 'application/json',
        accept: 'application/json, */*',
        'user-agent': 'kube-apiserver-admission',
      },
      body,
      clientIp: '',
    }
    const delayMs = wire.delayMs(API_SERVER, entry.name)
    const send = () => {
      network.request(from, { host, port }, request, result => {
        const answer: WebhookAnswer = !result.ok
          ? { ok: false, message: result.error }
          : result.response.protocol === 'http'
            ? { ok: true, code: result.response.status, body: parsed(result.response.body) }
            : { ok: false, message: 'EOF' }
        sim.root.schedule(delayMs, this.#relay, reply, answer)
      })
    }
    sim.root.schedule(delayMs, this.#relay, send, undefined)
  }
}

/** JSON, or undefined. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

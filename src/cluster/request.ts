/**
 * A request from a pod by hand: `sim request frontend-x http://redis:6379/PING`, with every hop of its way.
 */
import { Pods } from '../api/index.ts'
import type { AppRequest, AppResponse } from '../kubelet/index.ts'
import { formatHops, type Hop } from '../network/index.ts'
import { type Routine, UserError } from '../sim/index.ts'
import type { World } from './world.ts'

export interface RequestResult {
  readonly ok: boolean
  /** HTTP status; undefined for other protocols and for failures. */
  readonly status: number | undefined
  /** The answer's body, or why there is none. */
  readonly body: string
  readonly hops: readonly Hop[]
  /** The answer and the numbered hops, to be read. */
  readonly text: string
}

/** Sends `url` from a pod (`name` or `namespace/name`). Throws UserError for pods that cannot ask. */
export function* requestFromPod(world: World, pod: string, url: string): Routine<RequestResult> {
  const { target, request } = readUrl(url)
  const slash = pod.indexOf('/')
  const namespace = slash < 0 ? 'default' : pod.slice(0, slash)
  const name = pod.slice(slash + 1)
  const object = world.observer.get({ kind: Pods, namespace, name })
  if (!object)
    throw new UserError(`there is no pod ${namespace}/${name}`, { mend: 'Look with: kubectl get pods -A' })
  const network = world.networkOf(object.metadata.uid)
  if (!network)
    throw new UserError(`pod ${namespace}/${name} has no network yet`, { mend: 'Wait until it runs.' })
  const exchange = yield* world.network.exchange({ network, podNamespace: namespace }, target, request)
  const answer = exchange.ok ? readAnswer(exchange.response) : { status: undefined, body: exchange.error }
  const head = exchange.ok ? (answer.status === undefined ? '' : `HTTP ${answer.status}\n`) : 'failed: '
  return {
    ok: exchange.ok,
    ...answer,
    hops: exchange.hops,
    text: `${head}${answer.body.replace(/\n$/, '')}\n${formatHops(exchange.hops)}\n`,
  }
}

function readUrl(url: string): { target: { host: string; port: number }; request: AppRequest } {
  const match = /^(http|redis|tcp):\/\/([^/:]+)(?::(\d{1,5}))?(\/.*)?$/.exec(url)
  if (!match) {
    throw new UserError(`${JSON.stringify(url)} is no URL that a pod can ask for`, {
      mend: 'Write http://HOST[:PORT]/PATH, redis://HOST[:PORT]/COMMAND or tcp://HOST:PORT/TEXT.',
    })
  }
  const [, scheme, host = '', port, path = '/'] = match
  const usual = scheme === 'redis' ? 6379 : 80
  const target = { host, port: port === undefined ? usual : Number(port) }
  if (scheme === 'http') {
    const headers = { host, 'user-agent': 'curl/8.5.0', accept: '*/*' }
    return { target, request: { protocol: 'http', method: 'GET', path, headers, body: '', clientIp: '' } }
  }
  return { target, request: { protocol: 'tcp', data: decodeURIComponent(path.slice(1)), clientIp: '' } }
}

function readAnswer(response: AppResponse): { status: number | undefined; body: string } {
  return response.protocol === 'http'
    ? { status: response.status, body: response.body }
    : { status: undefined, body: response.data }
}

/**
 * `stefanprodan/podinfo`: says who it is, echoes through its backends, keeps values in redis. Of its HTTP API: info,
 * version, env, headers, healthz, readyz (enable and disable), status, delay, echo, cache, metrics; and `podcli check`.
 */
import { type Routine, sleep } from '../../sim/index.ts'
import { type AppRequest, type AppResponse, type HttpRequest, httpResponse } from '../container-network.ts'
import { flag } from '../flags.ts'
import { byteLength } from '../io/bytes.ts'
import type { ContainerProcess, Image } from '../program.ts'

const VERSION = '6.14.1'
const REVISION = 'b2ea3a8c1fd1b2c6b8d6b2e1f1b8d5e0c9a7f3d4'
const REFUSED: AppResponse = { protocol: 'tcp', data: '' }

/** As zap prints a line. */
function logLine(
  container: ContainerProcess,
  level: string,
  caller: string,
  msg: string,
  more: object = {},
): void {
  const ts = new Date(container.scope.sim.now).toISOString()
  container.logError(JSON.stringify({ level, ts, caller, msg, ...more }))
}

const json = (value: unknown, status = 200) =>
  httpResponse(status, JSON.stringify(value, null, 2), 'application/json; charset=utf-8')

/** Whether it calls itself ready: `/readyz/disable` takes it out of its Services. */
interface State {
  isReady: boolean
}

function info({ hostname, environment }: ContainerProcess): object {
  return {
    hostname,
    version: VERSION,
    revision: REVISION,
    color: environment.PODINFO_UI_COLOR ?? '#34577c',
    logo:
      environment.PODINFO_UI_LOGO ??
      'https://raw.githubusercontent.com/stefanprodan/podinfo/gh-pages/cuddle_clap.gif',
    message: environment.PODINFO_UI_MESSAGE ?? `greetings from podinfo v${VERSION}`,
    goos: 'linux',
    goarch: 'amd64',
    runtime: 'go1.26.0',
    num_goroutine: '10',
    num_cpu: '2',
  }
}

function* answer(container: ContainerProcess, state: State, request: AppRequest): Routine<AppResponse> {
  if (request.protocol !== 'http') return REFUSED
  const path = request.path.split('?')[0]!
  const [, first = '', second = ''] = path.split('/')
  switch (path.startsWith('/api/') ? path.slice(4) : `/${first}`) {
    case '/':
    case '/info':
      return json(info(container))
    case '/version':
      return json({ version: VERSION, commit: REVISION })
    case '/env':
      return json(Object.entries(container.environment).map(([name, value]) => `${name}=${value}`))
    case '/headers':
      return json(request.headers)
    case '/healthz':
      return json({ status: 'OK' })
    case '/readyz':
      if (second !== '') {
        state.isReady = second === 'enable'
        return httpResponse(202, '')
      }
      return state.isReady ? json({ status: 'OK' }) : httpResponse(503, '')
    case '/status':
      return json({ status: Number(second) }, Number(second) || 200)
    case '/delay':
      yield* sleep(Number(second) * 1000)
      return json({ delay: Number(second) })
    case '/echo':
      return yield* echo(container, request)
    case '/cache':
      return yield* cache(container, request, second)
    case '/metrics':
      return httpResponse(200, '# TYPE http_requests_total counter\nhttp_requests_total{status="200"} 1\n')
    default:
      return httpResponse(404, '404 page not found\n')
  }
}

/** What was posted, or what each backend makes of it. */
function* echo(container: ContainerProcess, request: HttpRequest): Routine<AppResponse> {
  const urls = container.argv.flatMap(word => /^--backend-url=(.+)$/.exec(word)?.[1] ?? [])
  if (urls.length === 0) return httpResponse(202, request.body)
  const results: string[] = []
  for (const url of urls) {
    const [, host = '', port, path = '/'] = /^(?:http:\/\/)?([^:/]+)(?::(\d+))?(\/.*)?$/.exec(url) ?? []
    const headers = { host, 'x-api-version': VERSION, 'content-length': String(byteLength(request.body)) }
    const asked = { ...request, method: 'POST', path, headers, clientIp: container.network.ips[0] ?? '' }
    const result = yield* container.request(host, Number(port ?? 80), asked)
    if (!result.ok) results.push(`backend ${url} call failed Post "${url}": ${result.error}`)
    else if (result.response.protocol !== 'http') results.push('')
    else if (result.response.status < 400) results.push(result.response.body)
    else results.push(`backend ${url} response status code ${result.response.status}`)
  }
  return json(results)
}

/** A value of the redis behind `--cache-server`. */
function* cache(container: ContainerProcess, request: HttpRequest, key: string): Routine<AppResponse> {
  const [, host, port] = /^tcp:\/\/([^:/]+)(?::(\d+))?/.exec(flag(container.argv, 'cache-server') ?? '') ?? []
  if (host === undefined) return json({ code: 400, message: 'cache server is offline' }, 400)
  const isRead = request.method === 'GET'
  const data = isRead
    ? `GET ${key}`
    : request.method === 'DELETE'
      ? `DEL ${key}`
      : `SET ${key} ${request.body}`
  const clientIp = container.network.ips[0] ?? ''
  const result = yield* container.request(host, Number(port ?? 6379), { protocol: 'tcp', data, clientIp })
  const said = result.ok && result.response.protocol === 'tcp' ? result.response.data : undefined
  if (isRead) return said === undefined || said === '$-1' ? httpResponse(404, '') : httpResponse(200, said)
  return said === undefined ? json({ code: 500, message: 'cache set failed' }, 500) : httpResponse(202, '')
}

function* podinfo(container: ContainerProcess): Routine<number> {
  const { argv, scope } = container
  yield* sleep(40)
  const port = flag(argv, 'port') ?? '9898'
  const metricsPort = Number(flag(argv, 'port-metrics') ?? 0)
  const grpcPort = Number(flag(argv, 'grpc-port') ?? 0)
  const state: State = { isReady: true }
  const label = scope.sim.label('container/podinfo')
  const serve = (request: AppRequest, reply: (response: AppResponse) => void) =>
    scope.spawn(label, answer(container, state, request), reply)
  const facts = { version: VERSION, revision: REVISION, port }
  logLine(container, 'info', 'podinfo/main.go:153', 'Starting podinfo', facts)
  for (const [one, endpoint] of [
    [Number(port), { serve }],
    [metricsPort, { serve }],
    [grpcPort, { serve: (_: AppRequest, reply: (response: AppResponse) => void) => reply(REFUSED) }],
  ] as const) {
    if (one === 0 || container.listen(one, endpoint)) continue
    const error = `listen tcp :${one}: bind: address already in use`
    logLine(container, 'fatal', 'http/server.go:181', 'HTTP server crashed', { error })
    return 1
  }
  logLine(container, 'info', 'http/server.go:224', 'Starting HTTP Server.', { addr: `:${port}` })
  yield* container.terminated()
  logLine(container, 'info', 'signals/shutdown.go:65', 'Shutting down HTTP/HTTPS server', { timeout: 5 })
  yield* sleep(3000)
  return 0
}

/** `podcli check http|tcp ADDRESS`: waits a second before it asks, as it really does. */
function* podcli(container: ContainerProcess): Routine<number> {
  const [, command, kind, address = ''] = container.argv
  if (command === 'version') {
    container.log(VERSION)
    return 0
  }
  if (command !== 'check' || (kind !== 'http' && kind !== 'tcp')) {
    container.logError(`Error: unknown command "${command ?? ''}" for "podcli"`)
    return 1
  }
  yield* sleep(1000)
  const [, host = '', port, path = '/'] = /^(?:http:\/\/)?([^:/]+)(?::(\d+))?(\/.*)?$/.exec(address) ?? []
  const clientIp = container.network.ips[0] ?? ''
  const headers = { host, 'user-agent': 'Go-http-client/1.1' }
  const asked: AppRequest =
    kind === 'tcp'
      ? { protocol: 'tcp', data: '', clientIp }
      : { protocol: 'http', method: 'GET', path, headers, body: '', clientIp }
  const result = yield* container.request(host, Number(port ?? 80), asked)
  const whole = kind === 'http' && !address.startsWith('http') ? `http://${address}` : address
  const about: Record<string, unknown> = { address: whole }
  let isGood = result.ok
  if (!result.ok) about.error = result.error
  else if (result.response.protocol === 'http') {
    const { status, body } = result.response
    about['status code'] = status
    isGood = status >= 200 && status < 400
    if (isGood) about['response size'] = `${byteLength(body)} B`
  }
  logLine(container, 'info', 'podcli/check.go:137', isGood ? 'check succeed' : 'check failed', about)
  return isGood ? 0 : 1
}

export const image: Image = {
  repositories: ['ghcr.io/stefanprodan/podinfo', 'docker.io/stefanprodan/podinfo'],
  sizeBytes: 32_100_000,
  entrypoint: [],
  command: ['./podinfo'],
  programs: { podinfo, podcli },
  hasShell: true,
  os: 'alpine',
  idleUsage: { cpuMilli: 2, memoryBytes: 15_728_640 },
}

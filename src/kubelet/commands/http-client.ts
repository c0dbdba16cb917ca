/** `curl` and `wget`: HTTP from a container, over the cluster's network. */
import { type Routine, withTimeout } from '../../sim/index.ts'
import type { AppResponse, NetworkResult } from '../container-network.ts'
import { byteLength } from '../io/bytes.ts'
import type { ContainerProcess, Program } from '../program.ts'
import { complain, pathOf, readFile, readOptions } from './support.ts'

interface Url {
  readonly scheme: string
  readonly host: string
  readonly port: number
  readonly path: string
  /** As the Host header has it. */
  readonly authority: string
}

function parseUrl(text: string): Url | undefined {
  const match = /^(?:(https?|telnet):\/\/)?(?:[^/@]*@)?([^/:?]+)(?::(\d+))?([/?].*)?$/.exec(text)
  if (!match) return undefined
  const [, scheme = 'http', host = '', port, path = '/'] = match
  const usual = scheme === 'https' ? 443 : 80
  return {
    scheme,
    host,
    port: Number(port ?? usual),
    path: path.startsWith('/') ? path : `/${path}`,
    authority: port === undefined ? host : `${host}:${port}`,
  }
}

interface Ask {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly timeoutMs: number
}

function* ask(process: ContainerProcess, url: Url, asked: Ask): Routine<NetworkResult | 'timeout'> {
  const result = yield* withTimeout(
    asked.timeoutMs,
    process.request(url.host, url.port, {
      protocol: 'http',
      method: asked.method,
      path: url.path,
      headers: { host: url.authority, ...asked.headers },
      body: asked.body,
      clientIp: process.network.ips[0] ?? '',
    }),
  )
  return result.timedOut ? 'timeout' : result.value
}

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
}

/** `HTTP/1.1 200 OK` and the headers, as they come over the wire. */
export function headText(response: Extract<AppResponse, { protocol: 'http' }>): string {
  const { status, headers, body } = response
  const lines = [`HTTP/1.1 ${status} ${REASONS[status] ?? ''}`.trimEnd()]
  const all = { ...headers, 'content-length': headers['content-length'] ?? String(byteLength(body)) }
  for (const [name, value] of Object.entries(all)) {
    lines.push(`${name.replace(/(^|-)[a-z]/g, letter => letter.toUpperCase())}: ${value}`)
  }
  return `${lines.join('\r\n')}\r\n\r\n`
}

const CURL_VALUED = [
  'request',
  'data',
  'data-raw',
  'header',
  'output',
  'write-out',
  'max-time',
  'connect-timeout',
  'user-agent',
  'user',
  'retry',
  'cacert',
  'resolve',
  'retry-delay',
  'url',
]
const DEFAULT_TIMEOUT_MS = 300_000

export const curl: Program = function* (process) {
  const { flags, values, all, operands } = readOptions(process.argv.slice(1), 'XdHowmAuT', CURL_VALUED)
  const has = (short: string, long: string) => flags.has(short) || flags.has(long)
  const value = (short: string, long: string) => values.get(short) ?? values.get(long)
  const text = operands[0] ?? values.get('url')
  const url = text === undefined ? undefined : parseUrl(text)
  if (!url) {
    process.stderr.write(
      text === undefined
        ? "curl: try 'curl --help' or 'curl --manual' for more information\n"
        : 'curl: (3) URL rejected: Malformed input to a URL function\n',
    )
    return text === undefined ? 2 : 3
  }
  const headers: Record<string, string> = {
    'user-agent': value('A', 'user-agent') ?? 'curl/8.12.1',
    accept: '*/*',
  }
  let body = ''
  for (const [name, given] of all) {
    if (name === 'H' || name === 'header') {
      const at = given.indexOf(':')
      headers[given.slice(0, at).toLowerCase()] = given.slice(at + 1).trim()
    } else if (name === 'd' || name.startsWith('data')) {
      const content = given.startsWith('@') ? yield* readFile(process, given.slice(1)) : undefined
      body += (body === '' ? '' : '&') + (content?.ok ? content.value : given)
    }
  }
  const hasBody = all.some(([name]) => name === 'd' || name.startsWith('data'))
  if (hasBody) headers['content-type'] ??= 'application/x-www-form-urlencoded'
  if (hasBody) headers['content-length'] = String(byteLength(body))
  const isHead = has('I', 'head')
  const method = value('X', 'request') ?? (isHead ? 'HEAD' : hasBody ? 'POST' : 'GET')
  const seconds = value('m', 'max-time') ?? values.get('connect-timeout')
  const timeoutMs = seconds === undefined ? DEFAULT_TIMEOUT_MS : Math.round(Number(seconds) * 1000)
  const beganMs = process.scope.sim.now
  const failed = (code: number, message: string) => {
    if (!has('s', 'silent') || has('S', 'show-error')) process.stderr.write(`curl: (${code}) ${message}\n`)
    const format = value('w', 'write-out')
    if (format !== undefined) process.stdout.write(writeOut(format, 0, 0, 0))
    return code
  }
  if (url.scheme === 'https') return failed(35, 'TLS connect error: TLS is not modelled')
  const result = yield* ask(process, url, { method, headers, body, timeoutMs })
  const tookMs = process.scope.sim.now - beganMs
  if (result === 'timeout') {
    return failed(28, `Connection timed out after ${tookMs} milliseconds`)
  }
  if (!result.ok) {
    if (result.error.includes('no such host')) return failed(6, `Could not resolve host: ${url.host}`)
    const why = result.error.includes('refused')
      ? "Couldn't connect to server"
      : 'Could not connect to server'
    return failed(7, `Failed to connect to ${url.host} port ${url.port} after ${tookMs} ms: ${why}`)
  }
  const { response } = result
  if (response.protocol !== 'http') return failed(1, 'Received HTTP/0.9 when not allowed')
  if (has('v', 'verbose')) {
    const sent = Object.entries({ host: url.authority, ...headers })
      .map(([name, one]) => `> ${name}: ${one}\n`)
      .join('')
    process.stderr.write(
      `> ${method} ${url.path} HTTP/1.1\n${sent}> \n${headText(response)
        .replace(/\r\n/g, '\n')
        .replace(/^(?=.)/gm, '< ')}`,
    )
  }
  if (has('f', 'fail') && response.status >= 400) {
    return failed(22, `The requested URL returned error: ${response.status}`)
  }
  const shown =
    (isHead || has('i', 'include') ? headText(response) : '') + (method === 'HEAD' ? '' : response.body)
  const output = value('o', 'output') ?? (has('O', 'remote-name') ? url.path.replace(/^.*\//, '') : undefined)
  if (output === undefined || output === '-') process.stdout.write(shown)
  else if (output !== '/dev/null') {
    const written = process.files.write(pathOf(process, output), shown)
    if (!written.ok) return failed(23, `Failure writing output to destination`)
  }
  const format = value('w', 'write-out')
  if (format !== undefined)
    process.stdout.write(writeOut(format, response.status, byteLength(response.body), tookMs))
  return 0
}

function writeOut(format: string, status: number, size: number, tookMs: number): string {
  const facts: Readonly<Record<string, string>> = {
    http_code: String(status).padStart(3, '0'),
    response_code: String(status).padStart(3, '0'),
    size_download: String(size),
    time_total: (tookMs / 1000).toFixed(6),
    http_version: '1.1',
  }
  return format
    .replace(/%\{(\w+)\}/g, (_, name: string) => facts[name] ?? '')
    .replaceAll('\\n', '\n')
    .replaceAll('\\t', '\t')
}

export const wget: Program = function* (process) {
  const { flags, values, operands } = readOptions(process.argv.slice(1), 'OTtUP', [
    'timeout',
    'tries',
    'header',
    'post-data',
    'output-document',
  ])
  const url = operands[0] === undefined ? undefined : parseUrl(operands[0])
  if (!url)
    return complain(process, operands[0] === undefined ? 'missing URL' : `bad address '${operands[0]}'`)
  if (url.scheme === 'https') return complain(process, 'error getting response: TLS is not modelled')
  const isQuiet = flags.has('q') || flags.has('quiet')
  const body = values.get('post-data') ?? ''
  const headers: Record<string, string> = { 'user-agent': 'Wget', connection: 'close' }
  const header = /^([^:]+):\s*(.*)$/.exec(values.get('header') ?? '')
  if (header) headers[header[1]!.toLowerCase()] = header[2]!
  const seconds = Number(values.get('T') ?? values.get('timeout') ?? 900)
  const say = (text: string) => {
    if (!isQuiet) process.stderr.write(text)
  }
  const method = flags.has('spider') ? 'HEAD' : values.has('post-data') ? 'POST' : 'GET'
  const result = yield* ask(process, url, { method, headers, body, timeoutMs: seconds * 1000 })
  if (result === 'timeout') return complain(process, 'download timed out')
  if (!result.ok) {
    if (result.error.includes('no such host')) return complain(process, `bad address '${url.authority}'`)
    const ip = /dial tcp ([\d.]+):/.exec(result.error)?.[1] ?? url.host
    say(`Connecting to ${url.authority} (${ip}:${url.port})\n`)
    const why = result.error.includes('refused')
      ? 'Connection refused'
      : result.error.includes('no route')
        ? 'Host is unreachable'
        : 'Connection timed out'
    return complain(process, `can't connect to remote host (${ip}): ${why}`)
  }
  const { response } = result
  say(`Connecting to ${url.authority} (${url.host}:${url.port})\n`)
  if (response.protocol !== 'http') return complain(process, 'error getting response')
  if (flags.has('S') || flags.has('server-response')) {
    process.stderr.write(
      headText(response).trimEnd().replace(/\r/g, '').replace(/^/gm, '  ').replace(/$/, '\n'),
    )
  }
  if (response.status >= 400) {
    return complain(
      process,
      `server returned error: HTTP/1.1 ${response.status} ${REASONS[response.status] ?? ''}`.trimEnd(),
    )
  }
  if (flags.has('spider')) {
    say('remote file exists\n')
    return 0
  }
  const name =
    values.get('O') ??
    values.get('output-document') ??
    (url.path.replace(/[?].*$/, '').replace(/^.*\//, '') || 'index.html')
  if (name === '-') process.stdout.write(response.body)
  else {
    say(`saving to '${name}'\n`)
    const path = pathOf(process, name)
    if (path !== '/dev/null' && !process.files.write(path, response.body).ok) {
      return complain(process, `can't open '${name}': No such file or directory`)
    }
    say(`'${name}' saved\n`)
  }
  return 0
}

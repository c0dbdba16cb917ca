/**
 * Kubernetes' url, ip and cidr libraries. Mirrors `pkg/cel/library/{urls,ip,cidr}.go`; addresses of version 6 can be
 * told and compared as text, the rest is for version 4.
 */
import type { Environment } from '@marcbachmann/cel-js'
import { contains, formatIp, parseIp } from '../ipv4.ts'

class CelUrl {
  readonly scheme: string
  readonly host: string
  readonly path: string
  readonly query: string

  constructor(scheme: string, host: string, path: string, query: string) {
    this.scheme = scheme
    this.host = host
    this.path = path
    this.query = query
  }
}

class CelIp {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** What `ip.isCanonical` is a function of. */
class CelIps {
  readonly name = 'ip'
}

class CelCidr {
  readonly text: string
  readonly address: number
  readonly bits: number

  constructor(text: string, address: number, bits: number) {
    this.text = text
    this.address = address
    this.bits = bits
  }
}

export function registerNetworks(environment: Environment): void {
  registerUrls(environment)
  environment
    .registerType('net.IP', CelIp)
    .registerType('net.CIDR', CelCidr)
    .registerFunction('isIP(string): bool', isIp)
    .registerFunction('ip(string): net.IP', toIp)
    .registerFunction('string(net.IP): string', (ip: CelIp) => ip.text)
    .registerFunction('net.IP.family(): int', (ip: CelIp) => (ip.text.includes(':') ? 6n : 4n))
    .registerFunction('net.IP.isLoopback(): bool', (ip: CelIp) => /^127\.|^::1$/.test(ip.text))
    .registerFunction(
      'net.IP.isUnspecified(): bool',
      (ip: CelIp) => ip.text === '0.0.0.0' || ip.text === '::',
    )
    .registerFunction(
      'net.IP.isGlobalUnicast(): bool',
      (ip: CelIp) => !/^(127|22[4-9]|23\d|169\.254|0)\./.test(ip.text),
    )
    .registerOperator('net.IP == net.IP', (a: CelIp, b: CelIp) => a.text === b.text)
    .registerType('net.IPs', CelIps)
    .registerConstant('ip', 'net.IPs', new CelIps())
    .registerFunction(
      'net.IPs.isCanonical(string): bool',
      (_: CelIps, text: string) => toIp(text).text === text,
    )
    .registerFunction('isCIDR(string): bool', (text: string) => parsedCidr(text) !== undefined)
    .registerFunction('cidr(string): net.CIDR', toCidr)
    .registerFunction('string(net.CIDR): string', (cidr: CelCidr) => cidr.text)
    .registerFunction('net.CIDR.ip(): net.IP', (cidr: CelCidr) => new CelIp(formatIp(cidr.address)))
    .registerFunction('net.CIDR.prefixLength(): int', (cidr: CelCidr) => BigInt(cidr.bits))
    .registerFunction('net.CIDR.containsIP(string): bool', (cidr: CelCidr, ip: string) =>
      holds(cidr, toIp(ip)),
    )
    .registerFunction('net.CIDR.containsIP(net.IP): bool', holds)
    .registerFunction('net.CIDR.containsCIDR(string): bool', (a: CelCidr, b: string) =>
      holdsAll(a, toCidr(b)),
    )
    .registerFunction('net.CIDR.containsCIDR(net.CIDR): bool', holdsAll)
}

const isIp = (text: string) =>
  parseIp(text) !== undefined || (/^[0-9a-f:]+$/i.test(text) && text.split(':').length >= 3)

function toIp(text: string): CelIp {
  if (!isIp(text))
    throw new Error(`IP Address ${JSON.stringify(text)} parse error during conversion from string`)
  return new CelIp(text)
}

function parsedCidr(text: string): CelCidr | undefined {
  const [, address = '', bits = ''] = /^([^/]+)\/(\d{1,2})$/.exec(text) ?? []
  const number = parseIp(address)
  return number === undefined || Number(bits) > 32 ? undefined : new CelCidr(text, number, Number(bits))
}

function toCidr(text: string): CelCidr {
  const cidr = parsedCidr(text)
  if (!cidr) throw new Error(`network address parse error during conversion from string: ${text}`)
  return cidr
}

/** The first address of the block, which its address need not be. */
function blockOf({ address, bits }: CelCidr) {
  const size = 2 ** (32 - bits)
  return { base: Math.floor(address / size) * size, bits }
}

function holds(cidr: CelCidr, ip: CelIp): boolean {
  const address = parseIp(ip.text)
  return address !== undefined && contains(blockOf(cidr), address)
}

function holdsAll(outer: CelCidr, inner: CelCidr): boolean {
  return inner.bits >= outer.bits && contains(blockOf(outer), inner.address)
}

const URL_SHAPE = /^([a-zA-Z][a-zA-Z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#.*)?$/
const PATH_SHAPE = /^()()(\/[^?#]*)(?:\?([^#]*))?(?:#.*)?$/

function parsedUrl(text: string): CelUrl | undefined {
  const match = URL_SHAPE.exec(text) ?? PATH_SHAPE.exec(text)
  return match ? new CelUrl(match[1]!, match[2]!, match[3]!, match[4] ?? '') : undefined
}

function registerUrls(environment: Environment): void {
  environment
    .registerType('kubernetes.URL', CelUrl)
    .registerFunction('isURL(string): bool', (text: string) => parsedUrl(text) !== undefined)
    .registerFunction('url(string): kubernetes.URL', (text: string) => {
      const url = parsedUrl(text)
      if (!url)
        throw new Error(
          `URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`,
        )
      return url
    })
    .registerFunction('kubernetes.URL.getScheme(): string', (url: CelUrl) => url.scheme)
    .registerFunction('kubernetes.URL.getHost(): string', (url: CelUrl) => url.host)
    .registerFunction('kubernetes.URL.getHostname(): string', (url: CelUrl) =>
      url.host.replace(/:\d+$/, '').replace(/^\[|\]$/g, ''),
    )
    .registerFunction(
      'kubernetes.URL.getPort(): string',
      (url: CelUrl) => /:(\d+)$/.exec(url.host)?.[1] ?? '',
    )
    .registerFunction('kubernetes.URL.getEscapedPath(): string', (url: CelUrl) => url.path)
    .registerFunction('kubernetes.URL.getQuery(): map<string, list<string>>', (url: CelUrl) =>
      queryOf(url.query),
    )
}

function queryOf(query: string): Record<string, string[]> {
  const result: Record<string, string[]> = {}
  for (const pair of query.split('&')) {
    if (pair === '') continue
    const [name = '', value = ''] = pair.split('=').map(part => decodeURIComponent(part.replaceAll('+', ' ')))
    result[name] = [...(result[name] ?? []), value]
  }
  return result
}

/**
 * The records of cluster DNS: what the names below `cluster.local`, and the addresses of Services and endpoints in
 * reverse, say to questions of any type. Mirrors CoreDNS' kubernetes plugin with kubeadm's Corefile (`pods insecure`,
 * `ttl 30`); what would be forwarded upstream is refused, as where there is no upstream. Pure: the objects come from a
 * {@link DnsView}.
 */
import { type EndpointSlice, ipv4, NAMES, type Service } from '../api/index.ts'

/** What DNS may look at. */
export interface DnsView {
  service(namespace: string, name: string): Service | undefined
  /** EndpointSlices of a Service, in name order. */
  slices(namespace: string, service: string): readonly EndpointSlice[]
  hasNamespace(name: string): boolean
}

/** What only questions from outside need. */
export interface ZoneView extends DnsView {
  services(): readonly Service[]
  /** When anything changed last, in seconds since the Unix epoch: the zone's serial. */
  readonly serial: number
}

export interface SoaData {
  readonly mname: string
  readonly rname: string
  readonly serial: number
  readonly refresh: number
  readonly retry: number
  readonly expire: number
  readonly minimum: number
}

/** A resource record; `ttl` in seconds. */
export type DnsRecord = { readonly name: string; readonly ttl: number } & (
  | { readonly type: 'A' | 'CNAME' | 'NS' | 'PTR' | 'TXT'; readonly data: string }
  | {
      readonly type: 'SRV'
      readonly data: {
        readonly priority: number
        readonly weight: number
        readonly port: number
        readonly target: string
      }
    }
  | { readonly type: 'SOA'; readonly data: SoaData }
)

export interface ZoneAnswer {
  readonly code: 'NOERROR' | 'NXDOMAIN' | 'REFUSED'
  /** False where the question was not for these zones. */
  readonly isAuthoritative: boolean
  readonly answers: readonly DnsRecord[]
  readonly authorities: readonly DnsRecord[]
  readonly additionals: readonly DnsRecord[]
}

/** One thing a name stands for: an address or another name, with a port for SRV. */
export interface DnsEntry {
  readonly host: string
  /** -1 where there is none. */
  readonly port: number
  /** The name that has this address and no other: an SRV record's target. */
  readonly name: string
}

const { clusterDomain: ZONE } = NAMES
/** Seconds. */
const TTL = 30
const VERSION_TTL = 28_800
const REVERSE = '.in-addr.arpa'
const MOST_ALIASES = 10
const NO_PORT = -1

const REFUSED: ZoneAnswer = Object.freeze({
  code: 'REFUSED',
  isAuthoritative: false,
  answers: [],
  authorities: [],
  additionals: [],
})

/** The answer to a question of class IN. `typed` keeps its case; `serverIp` is the address of the name server itself. */
export function answerQuestion(view: ZoneView, typed: string, type: string, serverIp: string): ZoneAnswer {
  const name = typed.toLowerCase().replace(/\.$/, '')
  if (type === 'AXFR' || type === 'IXFR') return REFUSED
  if (type === 'PTR' && name.endsWith(REVERSE)) return reverseAnswer(view, typed, name)
  if (name !== ZONE && !name.endsWith(`.${ZONE}`)) return REFUSED
  if (name === ZONE && type === 'SOA') return answered([soa(view)])
  if (name === `dns-version.${ZONE}` && type === 'TXT') {
    return answered([{ type: 'TXT', name: typed, ttl: VERSION_TTL, data: '1.1.0' }])
  }
  const nameServer = `ns.dns.${ZONE}`
  if (name === ZONE && type === 'NS') {
    const address: DnsRecord = { type: 'A', name: nameServer, ttl: TTL, data: serverIp }
    return answered([{ type: 'NS', name: typed, ttl: TTL, data: nameServer }], [address])
  }
  const entries = name === nameServer ? [{ host: serverIp, port: NO_PORT, name }] : entriesOf(view, name)
  if (!entries) return denied(view, 'NXDOMAIN')
  const { answers, additionals } = recordsOf(view, typed, type, entries)
  return answers.length > 0 ? answered(answers, additionals) : denied(view, 'NOERROR')
}

/** What a fully qualified name in lower case stands for; undefined where there is no such name. */
export function entriesOf(view: DnsView, name: string): readonly DnsEntry[] | undefined {
  if (name === ZONE) return []
  if (!name.endsWith(`.${ZONE}`)) return undefined
  const labels = name.slice(0, -ZONE.length - 1).split('.')
  const kind = labels.pop()
  if (kind !== 'svc' && kind !== 'pod') return undefined
  const [namespace, object, ...rest] = labels.reverse()
  if (namespace === undefined) return []
  if (rest.length > 2 || !view.hasNamespace(namespace)) return undefined
  if (object === undefined) return []
  return kind === 'pod' ? podEntries(name, object) : serviceEntries(view, namespace, object, rest)
}

/** `10-244-1-2.default.pod.cluster.local`, whether or not there is such a pod. */
function podEntries(name: string, pod: string): readonly DnsEntry[] | undefined {
  const ip = pod.replaceAll('-', '.')
  return ipv4.parseIp(ip) === undefined ? undefined : [{ host: ip, port: NO_PORT, name }]
}

/** `rest` is what stands before the Service's name, from right to left: a host, or a protocol and a port. */
function serviceEntries(
  view: DnsView,
  namespace: string,
  name: string,
  rest: readonly string[],
): readonly DnsEntry[] | undefined {
  const service = view.service(namespace, name)
  if (!service) return undefined
  const { type, externalName = '', clusterIP, ports = [] } = service.spec
  const own = `${name}.${namespace}.svc.${ZONE}`
  if (type === 'ExternalName') {
    const isName = externalName !== '' && ipv4.parseIp(externalName) === undefined
    return isName && rest.length === 0 ? [{ host: externalName, port: NO_PORT, name: own }] : undefined
  }
  const host = rest.length === 1 ? rest[0] : undefined
  const wants = (port: string, protocol: string) =>
    rest.length < 2 || (matches(rest[1]!, port) && matches(rest[0]!, protocol))
  const found: DnsEntry[] = []
  if (clusterIP !== 'None' && host === undefined) {
    for (const { name: portName = '', protocol = 'TCP', port } of ports) {
      if (clusterIP && wants(portName, protocol)) found.push({ host: clusterIP, port, name: own })
    }
  } else {
    for (const slice of view.slices(namespace, name)) {
      for (const { ip, hostname } of endpointsOf(slice)) {
        if (host !== undefined && host !== hostname) continue
        for (const { name: portName, protocol, port } of portsOf(slice)) {
          if (wants(portName, protocol)) found.push({ host: ip, port, name: `${hostname}.${own}` })
        }
      }
    }
  }
  return found.length > 0 ? found : undefined
}

function matches(asked: string, present: string): boolean {
  return asked.replace(/^_/, '') === present.toLowerCase()
}

/** Ready endpoints and the names they have; a Service that publishes those that are not has them ready in its slices. */
function endpointsOf(slice: EndpointSlice): { readonly ip: string; readonly hostname: string }[] {
  const ready = (slice.endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false)
  return ready.flatMap(({ addresses, hostname }) =>
    addresses.map(ip => ({ ip, hostname: hostname ?? ip.replaceAll('.', '-') })),
  )
}

function portsOf({ ports }: EndpointSlice): { name: string; protocol: string; port: number }[] {
  if (!ports || ports.length === 0) return [{ name: '', protocol: '', port: NO_PORT }]
  return ports.map(({ name = '', protocol = 'TCP', port = NO_PORT }) => ({ name, protocol, port }))
}

interface Records {
  readonly answers: readonly DnsRecord[]
  readonly additionals: readonly DnsRecord[]
}

function recordsOf(view: DnsView, owner: string, type: string, entries: readonly DnsEntry[]): Records {
  const [first] = entries
  if (first && !isAddress(first)) {
    const alias: DnsRecord = { type: 'CNAME', name: owner, ttl: TTL, data: first.host }
    if (type === 'CNAME') return { answers: [alias], additionals: [] }
    const answers = type === 'A' || type === 'AAAA' ? followed(view, type, [alias]) : []
    return { answers, additionals: [] }
  }
  if (type === 'A') return { answers: addressesOf(owner, entries), additionals: [] }
  return type === 'SRV' ? servicesOf(owner, entries) : { answers: [], additionals: [] }
}

/** An alias and, within the cluster, what it leads to: nothing where that is nothing. What lies outside is not asked. */
function followed(view: DnsView, type: 'A' | 'AAAA', aliases: readonly DnsRecord[]): readonly DnsRecord[] {
  const target = (aliases.at(-1)!.data as string).toLowerCase().replace(/\.$/, '')
  if (!target.endsWith(`.${ZONE}`)) return aliases
  const entries = aliases.length > MOST_ALIASES ? [] : (entriesOf(view, target) ?? [])
  const [first] = entries
  if (first && !isAddress(first)) {
    return followed(view, type, [...aliases, { type: 'CNAME', name: target, ttl: TTL, data: first.host }])
  }
  const addresses = type === 'A' ? addressesOf(target, entries) : []
  return addresses.length > 0 ? [...aliases, ...addresses] : []
}

function addressesOf(owner: string, entries: readonly DnsEntry[]): readonly DnsRecord[] {
  return [...new Set(entries.map(({ host }) => host))].map(data => ({
    type: 'A',
    name: owner,
    ttl: TTL,
    data,
  }))
}

/** One record a target and port, all of one priority and sharing a hundred as weight; the addresses come along. */
function servicesOf(owner: string, entries: readonly DnsEntry[]): Records {
  const weight = Math.max(1, Math.floor(100 / entries.length))
  const answers = new Map<string, DnsRecord>()
  const additionals = new Map<string, DnsRecord>()
  for (const { host, port, name } of entries) {
    if (port === NO_PORT) continue
    const data = { priority: 0, weight, port, target: name }
    answers.set(`${name} ${port}`, { type: 'SRV', name: owner, ttl: TTL, data })
    additionals.set(`${name} ${host}`, { type: 'A', name, ttl: TTL, data: host })
  }
  return { answers: [...answers.values()], additionals: [...additionals.values()] }
}

function reverseAnswer(view: ZoneView, owner: string, name: string): ZoneAnswer {
  const ip = name.slice(0, -REVERSE.length).split('.').reverse().join('.')
  const names = ipv4.parseIp(ip) === undefined ? [] : namesOf(view, ip)
  // What is nobody's falls through to the upstream.
  if (names.length === 0) return REFUSED
  return answered([...new Set(names)].map(data => ({ type: 'PTR', name: owner, ttl: TTL, data })))
}

/** The Service that has an address, or else every endpoint that has. */
function namesOf(view: ZoneView, ip: string): readonly string[] {
  const services = view.services()
  const own = ({ metadata: { name, namespace } }: Service) => `${name}.${namespace}.svc.${ZONE}`
  const service = services.find(({ spec }) => spec.clusterIP === ip)
  if (service) return [own(service)]
  return services.flatMap(one =>
    view
      .slices(one.metadata.namespace ?? '', one.metadata.name)
      .flatMap(endpointsOf)
      .filter(endpoint => endpoint.ip === ip)
      .map(({ hostname }) => `${hostname}.${own(one)}`),
  )
}

function isAddress({ host }: DnsEntry): boolean {
  return ipv4.parseIp(host) !== undefined
}

function answered(answers: readonly DnsRecord[], additionals: readonly DnsRecord[] = []): ZoneAnswer {
  return { code: 'NOERROR', isAuthoritative: true, answers, authorities: [], additionals }
}

function denied(view: ZoneView, code: 'NOERROR' | 'NXDOMAIN'): ZoneAnswer {
  return { code, isAuthoritative: true, answers: [], authorities: [soa(view)], additionals: [] }
}

function soa({ serial }: ZoneView): DnsRecord {
  const data = {
    mname: `ns.dns.${ZONE}`,
    rname: `hostmaster.${ZONE}`,
    serial,
    refresh: 7200,
    retry: 1800,
    expire: 86_400,
    minimum: TTL,
  }
  return { type: 'SOA', name: ZONE, ttl: TTL, data }
}

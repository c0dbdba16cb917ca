/**
 * Cluster DNS: which addresses a name has, from Services and EndpointSlices, after the specification that
 * CoreDNS' kubernetes plugin implements; and how a pod's resolver turns what was typed into names to ask for
 * (`ndots:5` and a search list). Pure: the records come from a {@link DnsView}.
 */
import { type EndpointSlice, NAMES, type Service } from '../api/index.ts'

/** What the resolver may look at. */
export interface DnsView {
  service(namespace: string, name: string): Service | undefined
  /** EndpointSlices of a Service, in name order. */
  slices(namespace: string, service: string): readonly EndpointSlice[]
  hasNamespace(name: string): boolean
}

export type DnsAnswer =
  | { readonly code: 'NOERROR'; readonly addresses: readonly string[]; readonly canonicalName?: string }
  | { readonly code: 'NXDOMAIN' }

/** One question a resolver asked and what came back. */
export interface DnsQuestion {
  readonly name: string
  readonly answer: DnsAnswer
}

export interface Resolution {
  /** Empty when the name has no address anywhere. */
  readonly addresses: readonly string[]
  readonly questions: readonly DnsQuestion[]
}

const NDOTS = 5
const NXDOMAIN: DnsAnswer = { code: 'NXDOMAIN' }

/** The names that a pod's resolver asks for, in order, for what its program typed. */
export function searchNames(typed: string, namespace: string): string[] {
  if (typed.endsWith('.')) return [typed.slice(0, -1)]
  const { clusterDomain } = NAMES
  const searched = [`${namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain].map(
    suffix => `${typed}.${suffix}`,
  )
  const dots = typed.split('.').length - 1
  return dots >= NDOTS ? [typed, ...searched] : [...searched, typed]
}

/** Resolves as a pod with dnsPolicy ClusterFirst in `namespace` does: the first name with an answer wins. */
export function resolve(view: DnsView, typed: string, namespace: string): Resolution {
  const questions: DnsQuestion[] = []
  for (const name of searchNames(typed.toLowerCase(), namespace)) {
    const answer = answerFor(view, name)
    questions.push({ name, answer })
    if (answer.code === 'NOERROR' && answer.addresses.length > 0) {
      return { addresses: answer.addresses, questions }
    }
  }
  return { addresses: [], questions }
}

/** What the cluster's DNS server says to an A question for a fully qualified name. */
export function answerFor(view: DnsView, name: string): DnsAnswer {
  const zone = `.${NAMES.clusterDomain}`
  if (!name.endsWith(zone)) return NXDOMAIN
  const labels = name.slice(0, -zone.length).split('.')
  const type = labels.pop()
  const namespace = labels.pop()
  if (namespace === undefined || !view.hasNamespace(namespace)) return NXDOMAIN
  if (type === 'pod') return podAnswer(labels)
  if (type !== 'svc') return NXDOMAIN
  const service = labels.pop()
  return service === undefined
    ? { code: 'NOERROR', addresses: [] }
    : serviceAnswer(view, namespace, service, labels)
}

/** `10-244-1-2.default.pod.cluster.local` (the `pods insecure` mode of kubeadm's Corefile). */
function podAnswer(labels: readonly string[]): DnsAnswer {
  const ip = labels.length === 1 && /^\d{1,3}(-\d{1,3}){3}$/.test(labels[0]!) ? labels[0] : undefined
  return ip ? { code: 'NOERROR', addresses: [ip.replaceAll('-', '.')] } : NXDOMAIN
}

function serviceAnswer(view: DnsView, namespace: string, name: string, host: readonly string[]): DnsAnswer {
  const service = view.service(namespace, name)
  if (!service) return NXDOMAIN
  const { clusterIP, type, externalName } = service.spec
  if (host.length > 1) return NXDOMAIN
  if (type === 'ExternalName') {
    return host.length === 0 && externalName
      ? { code: 'NOERROR', addresses: [], canonicalName: externalName }
      : NXDOMAIN
  }
  if (clusterIP !== 'None') {
    return host.length === 0 && clusterIP ? { code: 'NOERROR', addresses: [clusterIP] } : NXDOMAIN
  }
  const addresses = headlessAddresses(
    view.slices(namespace, name),
    host[0],
    service.spec.publishNotReadyAddresses ?? false,
  )
  if (host.length > 0 && addresses.length === 0) return NXDOMAIN
  return { code: 'NOERROR', addresses }
}

/** Endpoints of a headless Service: all of them, or the one whose hostname (or dashed IP) is asked for. */
function headlessAddresses(
  slices: readonly EndpointSlice[],
  host: string | undefined,
  publishesNotReady: boolean,
): string[] {
  const addresses = new Set<string>()
  for (const slice of slices) {
    for (const endpoint of slice.endpoints ?? []) {
      if (!publishesNotReady && endpoint.conditions?.ready === false) continue
      for (const ip of endpoint.addresses) {
        const hostname = endpoint.hostname ?? ip.replaceAll('.', '-')
        if (host === undefined || host === hostname) addresses.add(ip)
      }
    }
  }
  return [...addresses].sort()
}

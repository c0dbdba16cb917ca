/**
 * How a pod's resolver turns what its program typed into names to ask cluster DNS for (`ndots:5` and a search list),
 * and the addresses it is told. Pure.
 */
import { ipv4, NAMES } from '../api/index.ts'
import { type DnsView, entriesOf } from './dns-zone.ts'

export type DnsAnswer =
  | { readonly code: 'NOERROR'; readonly addresses: readonly string[] }
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

/** What the cluster's DNS server says to an A question for a fully qualified name; addresses in order. */
export function answerFor(view: DnsView, name: string): DnsAnswer {
  const entries = entriesOf(view, name)
  if (!entries) return NXDOMAIN
  const hosts = entries.map(({ host }) => host).filter(host => ipv4.parseIp(host) !== undefined)
  return { code: 'NOERROR', addresses: [...new Set(hosts)].sort() }
}

/**
 * Rules and chains of the nat and filter tables as values, and as `iptables-save` prints them.
 */

/** What a rule asks of a packet; all of it must hold. Absent parts match everything. */
export interface Match {
  /** Source block, `10.244.0.0/16`; with `isSourceNegated`, anything but it. */
  readonly source?: string
  readonly isSourceNegated?: boolean
  readonly destination?: string
  readonly protocol?: 'tcp' | 'udp' | 'sctp'
  readonly destinationPort?: number
  /** `-m addrtype --dst-type LOCAL`: addressed to the node itself. */
  readonly isToNode?: boolean
  /** `-m statistic --mode random`: holds with this probability. */
  readonly probability?: number
  /** `-m mark`: the mark must have this bit (set) or, negated, must lack it. */
  readonly mark?: number
  readonly isMarkNegated?: boolean
  /** `-m recent --rcheck`: this client was sent here within so many seconds. */
  readonly recentSeconds?: { readonly list: string; readonly seconds: number }
}

export type Target =
  /** Go on in another chain; come back when it ends without a verdict. */
  | { readonly jump: string }
  | { readonly dnat: string }
  | { readonly setMark: number }
  | { readonly verdict: 'RETURN' | 'MASQUERADE' | 'REJECT' | 'ACCEPT' | 'DROP' }

export interface Rule {
  readonly match: Match
  readonly target: Target
  readonly comment?: string
  /** `-m recent --set`: remembers the client on this list when the rule is met. */
  readonly remember?: string
}

export interface Chain {
  readonly name: string
  readonly rules: readonly Rule[]
}

/** One rule as `iptables-save` prints it. */
export function formatRule(chain: string, rule: Rule): string {
  const { match, target } = rule
  const parts = [`-A ${chain}`]
  if (match.source) parts.push(`${match.isSourceNegated ? '! ' : ''}-s ${match.source}`)
  if (match.destination) parts.push(`-d ${match.destination}`)
  if (match.protocol) parts.push(`-p ${match.protocol}`)
  if (rule.comment) parts.push(`-m comment --comment ${quote(rule.comment)}`)
  if (match.isToNode) parts.push('-m addrtype --dst-type LOCAL')
  if (match.recentSeconds) {
    const { list, seconds } = match.recentSeconds
    parts.push(
      `-m recent --rcheck --seconds ${seconds} --reap --name ${list} --mask 255.255.255.255 --rsource`,
    )
  }
  if (rule.remember) parts.push(`-m recent --set --name ${rule.remember} --mask 255.255.255.255 --rsource`)
  if (match.destinationPort !== undefined) {
    parts.push(`-m ${match.protocol} --dport ${match.destinationPort}`)
  } else if ('dnat' in target) {
    parts.push(`-m ${match.protocol}`)
  }
  if (match.mark !== undefined) {
    const mark = `0x${match.mark.toString(16)}`
    parts.push(`-m mark ${match.isMarkNegated ? '! ' : ''}--mark ${mark}/${mark}`)
  }
  if (match.probability !== undefined) {
    parts.push(`-m statistic --mode random --probability ${match.probability.toFixed(11)}`)
  }
  parts.push(formatTarget(target))
  return parts.join(' ')
}

function formatTarget(target: Target): string {
  if ('jump' in target) return `-j ${target.jump}`
  if ('dnat' in target) return `-j DNAT --to-destination ${target.dnat}`
  if ('setMark' in target) return `-j MARK --or-mark 0x${target.setMark.toString(16)}`
  if (target.verdict === 'REJECT') return '-j REJECT --reject-with icmp-port-unreachable'
  if (target.verdict === 'MASQUERADE') return '-j MASQUERADE --random-fully'
  return `-j ${target.verdict}`
}

function quote(text: string): string {
  return /[^\w/:.-]/.test(text) ? `"${text}"` : text
}

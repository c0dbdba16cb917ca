/**
 * A packet's way through one table: which rules it met, what they did to it, and the verdict. Pure but for the
 * numbers it draws and the client lists it is handed.
 */
import { ipv4 } from '../../api/index.ts'
import { assert, LIMITS, type RandomStream } from '../../sim/index.ts'
import { type Chain, formatRule, type Match, type Rule } from './rule.ts'

/** A packet as the tables see it. Values: every change makes another. */
export interface Packet {
  readonly protocol: 'tcp' | 'udp' | 'sctp'
  readonly sourceIp: string
  readonly destinationIp: string
  readonly destinationPort: number
  readonly mark: number
}

/** Who was sent where lately (`-m recent`): list name -> client IP -> time in ms. One a node. */
export type RecentClients = Map<string, Map<string, number>>

export interface WalkContext {
  readonly chains: ReadonlyMap<string, Chain>
  readonly random: RandomStream
  readonly nowMs: number
  readonly recent: RecentClients
  /** Whether an address is the node's own. */
  isNodeAddress(ip: string): boolean
}

export interface Walk {
  readonly packet: Packet
  readonly verdict: 'ACCEPT' | 'REJECT' | 'DROP' | 'DNAT' | 'MASQUERADE'
  /** The rules that matched, in order, as `iptables-save` prints them. */
  readonly rules: readonly string[]
}

/** Sends `packet` through the chain `start` of a table. A chain that ends without a verdict accepts. */
export function walk(context: WalkContext, start: string, packet: Packet): Walk {
  const rules: string[] = []
  let present = packet
  const enter = (name: string, depth: number): Walk['verdict'] | undefined => {
    assert(depth < LIMITS.iptablesDepth, 'chains do not call each other in circles')
    for (const rule of context.chains.get(name)?.rules ?? []) {
      if (!matches(context, rule.match, present)) continue
      rules.push(formatRule(name, rule))
      const { target } = rule
      if (rule.remember) remember(context, rule, present)
      if ('setMark' in target) {
        present = { ...present, mark: present.mark | target.setMark }
      } else if ('dnat' in target) {
        const colon = target.dnat.lastIndexOf(':')
        present = {
          ...present,
          destinationIp: target.dnat.slice(0, colon),
          destinationPort: Number(target.dnat.slice(colon + 1)),
        }
        return 'DNAT'
      } else if ('verdict' in target) {
        if (target.verdict === 'RETURN') return undefined
        return target.verdict
      } else {
        const verdict = enter(target.jump, depth + 1)
        if (verdict) return verdict
      }
    }
    return undefined
  }
  const verdict = enter(start, 0) ?? 'ACCEPT'
  return { packet: present, verdict, rules }
}

function matches(context: WalkContext, match: Match, packet: Packet): boolean {
  if (match.protocol && match.protocol !== packet.protocol) return false
  if (match.destinationPort !== undefined && match.destinationPort !== packet.destinationPort) return false
  if (match.destination && !isIn(packet.destinationIp, match.destination)) return false
  if (match.source && isIn(packet.sourceIp, match.source) === (match.isSourceNegated ?? false)) return false
  if (match.isToNode && !context.isNodeAddress(packet.destinationIp)) return false
  if (match.mark !== undefined) {
    const isMarked = (packet.mark & match.mark) === match.mark
    if (isMarked === (match.isMarkNegated ?? false)) return false
  }
  if (match.recentSeconds) {
    const { list, seconds } = match.recentSeconds
    const atMs = context.recent.get(list)?.get(packet.sourceIp)
    if (atMs === undefined || context.nowMs - atMs > seconds * 1000) return false
  }
  return match.probability === undefined || context.random.chance(match.probability)
}

function isIn(ip: string, cidr: string): boolean {
  const address = ipv4.parseIp(ip)
  return address !== undefined && ipv4.contains(ipv4.parseCidr(cidr), address)
}

function remember(context: WalkContext, rule: Rule, packet: Packet): void {
  const list = rule.remember!
  let clients = context.recent.get(list)
  if (!clients) {
    clients = new Map()
    context.recent.set(list, clients)
  }
  clients.delete(packet.sourceIp)
  clients.set(packet.sourceIp, context.nowMs)
  if (clients.size > LIMITS.recentClients) clients.delete(clients.keys().next().value!)
}

/**
 * All rules of one node at one moment: what kube-proxy last programmed. Chains of a Service are compiled when
 * the first packet (or reader) needs them and remembered for as long as its state lives, so that a thousand
 * nodes following a busy cluster cost next to nothing.
 */

import { type Chain, formatRule, type Rule } from './rule.ts'
import { compileService, type ServiceChains, type ServiceState } from './service-chains.ts'

/** The state of every Service at one revision; shared by all nodes that have applied it. */
export interface ServiceSnapshot {
  /** Counts up with every change. */
  readonly revision: number
  readonly services: ReadonlyMap<string, ServiceState>
}

const MASQUERADE_MARK = 0x4000

const FIXED_CHAINS: readonly Chain[] = [
  {
    name: 'KUBE-MARK-MASQ',
    rules: [{ match: {}, target: { setMark: MASQUERADE_MARK } }],
  },
  {
    name: 'KUBE-POSTROUTING',
    rules: [
      { match: { mark: MASQUERADE_MARK, isMarkNegated: true }, target: { verdict: 'RETURN' } },
      {
        match: {},
        comment: 'kubernetes service traffic requiring SNAT',
        target: { verdict: 'MASQUERADE' },
      },
    ],
  },
]

const TO_SERVICES: Rule = {
  match: {},
  comment: 'kubernetes service portals',
  target: { jump: 'KUBE-SERVICES' },
}

const TO_NODE_PORTS: Rule = {
  match: { isToNode: true },
  comment: 'kubernetes service nodeports; NOTE: this must be the last rule in this chain',
  target: { jump: 'KUBE-NODEPORTS' },
}

/** Compiled chains by Service state and node: a state never changes, so neither do they. */
const compiled = new WeakMap<ServiceState, Map<string, ServiceChains>>()

export class RuleSet {
  readonly snapshot: ServiceSnapshot
  readonly node: string
  readonly #clusterCidr: string
  #nat: ReadonlyMap<string, Chain> | undefined
  #filter: ReadonlyMap<string, Chain> | undefined

  constructor(snapshot: ServiceSnapshot, node: string, clusterCidr: string) {
    this.snapshot = snapshot
    this.node = node
    this.#clusterCidr = clusterCidr
  }

  /** The nat table: chains by name. */
  get nat(): ReadonlyMap<string, Chain> {
    this.#nat ??= this.#buildNat()
    return this.#nat
  }

  /** The filter table: chains by name. */
  get filter(): ReadonlyMap<string, Chain> {
    this.#filter ??= new Map([
      ['KUBE-SERVICES', { name: 'KUBE-SERVICES', rules: this.#parts().flatMap(part => part.refused) }],
      ['FORWARD', { name: 'FORWARD', rules: [TO_SERVICES] }],
      ['OUTPUT', { name: 'OUTPUT', rules: [TO_SERVICES] }],
    ])
    return this.#filter
  }

  /** Both tables as `iptables-save` prints them. */
  save(): string {
    const table = (name: string, chains: ReadonlyMap<string, Chain>, builtIn: readonly string[]) => {
      const names = [...chains.keys()].sort()
      const lines = [
        `*${name}`,
        ...builtIn.map(chain => `:${chain} ACCEPT [0:0]`),
        ...names.filter(chain => !builtIn.includes(chain)).map(chain => `:${chain} - [0:0]`),
        ...names.flatMap(chain => chains.get(chain)!.rules.map(rule => formatRule(chain, rule))),
        'COMMIT',
      ]
      return lines.join('\n')
    }
    const nat = table('nat', this.nat, ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'])
    const filter = table('filter', this.filter, ['INPUT', 'FORWARD', 'OUTPUT'])
    return `${filter}\n${nat}\n`
  }

  #parts(): ServiceChains[] {
    const keys = [...this.snapshot.services.keys()].sort()
    return keys.map(key => this.#compile(this.snapshot.services.get(key)!))
  }

  #compile(state: ServiceState): ServiceChains {
    let byNode = compiled.get(state)
    if (!byNode) {
      byNode = new Map()
      compiled.set(state, byNode)
    }
    // Only traffic policy Local makes a node's chains differ from its neighbour's.
    const { internalTrafficPolicy, externalTrafficPolicy } = state.service.spec
    const isLocal = internalTrafficPolicy === 'Local' || externalTrafficPolicy === 'Local'
    const node = isLocal ? this.node : ''
    let chains = byNode.get(node)
    if (!chains) {
      chains = compileService(state, this.node, this.#clusterCidr)
      byNode.set(node, chains)
    }
    return chains
  }

  #buildNat(): ReadonlyMap<string, Chain> {
    const parts = this.#parts()
    const chains: Chain[] = [
      { name: 'PREROUTING', rules: [TO_SERVICES] },
      { name: 'OUTPUT', rules: [TO_SERVICES] },
      {
        name: 'POSTROUTING',
        rules: [{ match: {}, comment: 'kubernetes postrouting rules', target: { jump: 'KUBE-POSTROUTING' } }],
      },
      { name: 'KUBE-SERVICES', rules: [...parts.flatMap(part => part.services), TO_NODE_PORTS] },
      { name: 'KUBE-NODEPORTS', rules: parts.flatMap(part => part.nodePorts) },
      ...FIXED_CHAINS,
      ...parts.flatMap(part => part.chains),
    ]
    return new Map(chains.map(chain => [chain.name, chain]))
  }
}

import { describe, expect, test } from 'vitest'
import type { EndpointSlice, Service } from '../../api/index.ts'
import { RandomStream } from '../../sim/index.ts'
import { RuleSet } from './rule-set.ts'
import type { ServiceState } from './service-chains.ts'
import { type Packet, type RecentClients, walk } from './walk.ts'

const META = { uid: 'u', resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' }

function service(spec: Partial<Service['spec']> = {}): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...META, namespace: 'default', name: 'web' },
    spec: {
      clusterIP: '10.96.0.50',
      type: 'ClusterIP',
      ports: [{ port: 80, protocol: 'TCP', targetPort: 8080 }],
      ...spec,
    },
    status: {},
  }
}

function slice(
  ...ips: (readonly [ip: string, node: string, isReady?: boolean, isServing?: boolean])[]
): EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { ...META, namespace: 'default', name: 'web-1' },
    addressType: 'IPv4',
    ports: [{ name: '', port: 8080, protocol: 'TCP' }],
    endpoints: ips.map(([ip, nodeName, ready = true, serving = ready]) => ({
      addresses: [ip],
      nodeName,
      conditions: { ready, serving, terminating: !ready && serving },
    })),
  }
}

function ruleSet(state: ServiceState, node = 'node-1'): RuleSet {
  return new RuleSet({ revision: 1, services: new Map([['default/web', state]]) }, node, '10.244.0.0/16')
}

function send(
  rules: RuleSet,
  packet: Partial<Packet> = {},
  seed = 1,
  recent: RecentClients = new Map(),
  nowMs = 0,
) {
  return walk(
    {
      chains: rules.nat,
      random: new RandomStream(seed, 'test'),
      nowMs,
      recent,
      isNodeAddress: ip => ip === '192.168.1.1',
    },
    'PREROUTING',
    {
      protocol: 'tcp',
      sourceIp: '10.244.1.9',
      destinationIp: '10.96.0.50',
      destinationPort: 80,
      mark: 0,
      ...packet,
    },
  )
}

const THREE = slice(['10.244.1.2', 'node-1'], ['10.244.2.2', 'node-2'], ['10.244.3.2', 'node-3'])

describe('the rules of a Service', () => {
  test('pick the nth endpoint with probability 1/n', () => {
    const picks = ruleSet({ service: service(), slices: [THREE] })
      .save()
      .split('\n')
      .filter(line => line.includes(' -> '))
      .map(line => /probability (\S+)/.exec(line)?.[1])
    expect(picks).toEqual(['0.33333333333', '0.50000000000', undefined])
  })

  test('spread connections evenly', () => {
    const rules = ruleSet({ service: service(), slices: [THREE] })
    const counts = new Map<string, number>()
    for (let seed = 0; seed < 3000; seed++) {
      const { packet, verdict } = send(rules, {}, seed)
      expect(verdict).toBe('DNAT')
      counts.set(packet.destinationIp, (counts.get(packet.destinationIp) ?? 0) + 1)
    }
    expect([...counts.keys()].sort()).toEqual(['10.244.1.2', '10.244.2.2', '10.244.3.2'])
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(120)
  })

  test('leave other traffic alone', () => {
    const { packet, verdict, rules } = send(ruleSet({ service: service(), slices: [THREE] }), {
      destinationIp: '10.244.2.2',
      destinationPort: 8080,
    })
    expect([verdict, packet.destinationIp]).toEqual(['ACCEPT', '10.244.2.2'])
    expect(rules).toEqual([
      '-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
    ])
  })

  test('mark traffic from outside the pods, and a pod that reaches itself, for masquerading', () => {
    const rules = ruleSet({ service: service(), slices: [slice(['10.244.1.2', 'node-1'])] })
    expect(send(rules, { sourceIp: '192.168.1.7' }).packet.mark).toBe(0x4000)
    expect(send(rules, { sourceIp: '10.244.1.2' }).packet.mark).toBe(0x4000)
    expect(send(rules).packet.mark).toBe(0)
  })

  test('refuse a Service without endpoints in the filter table', () => {
    const rules = ruleSet({ service: service(), slices: [] })
    expect(send(rules).verdict).toBe('ACCEPT')
    expect(rules.save()).toContain(
      '-A KUBE-SERVICES -d 10.96.0.50/32 -p tcp -m comment --comment "default/web has no endpoints" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable',
    )
  })

  test('fall back to terminating endpoints that still serve', () => {
    const dying = slice(['10.244.1.2', 'node-1', false, true], ['10.244.2.2', 'node-2', false, false])
    expect(send(ruleSet({ service: service(), slices: [dying] })).packet.destinationIp).toBe('10.244.1.2')
  })

  test('send a sticky client where it went before, until its time is over', () => {
    const rules = ruleSet({ service: service({ sessionAffinity: 'ClientIP' }), slices: [THREE] })
    const recent: RecentClients = new Map()
    const first = send(rules, {}, 1, recent, 0).packet.destinationIp
    for (let seed = 2; seed < 20; seed++) {
      expect(send(rules, {}, seed, recent, 10_000).packet.destinationIp).toBe(first)
    }
    const later = new Set<string>()
    for (let seed = 2; seed < 20; seed++) {
      const copy = new Map([...recent].map(([list, clients]) => [list, new Map(clients)]))
      later.add(send(rules, {}, seed, copy, 40_000_000).packet.destinationIp)
    }
    expect(later.size).toBeGreaterThan(1)
  })

  test('open a node port on the node itself', () => {
    const state = {
      service: service({ type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] }),
      slices: [THREE],
    }
    const toNode = { destinationIp: '192.168.1.1', destinationPort: 30080, sourceIp: '192.168.1.77' }
    const { packet, verdict } = send(ruleSet(state), toNode)
    expect([verdict, packet.destinationPort, packet.mark]).toEqual(['DNAT', 8080, 0x4000])
  })

  test('keep traffic on the node under internalTrafficPolicy Local', () => {
    const state = { service: service({ internalTrafficPolicy: 'Local' }), slices: [THREE] }
    for (let seed = 0; seed < 10; seed++) {
      expect(send(ruleSet(state, 'node-2'), {}, seed).packet.destinationIp).toBe('10.244.2.2')
    }
    expect(ruleSet(state, 'node-9').save()).toContain('has no local endpoints')
  })

  test('write nothing for a headless Service', () => {
    const rules = ruleSet({ service: service({ clusterIP: 'None' }), slices: [THREE] })
    expect(rules.save()).not.toContain('default/web')
  })
})

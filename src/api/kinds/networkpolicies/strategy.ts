/** How NetworkPolicies are created and changed. Mirrors pkg/apis/networking (defaults and validation). */
import type {
  IPBlock,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicySpec,
} from 'kubernetes-types/networking/v1.js'
import type { Strategy } from '../../define-kind.ts'
import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../../field-error.ts'
import { contains, parseCidr } from '../../ipv4.ts'
import {
  isCidr,
  isDns1123Subdomain,
  isPortName,
  isPortNumber,
  validateLabelSelector,
} from '../../validation/index.ts'
import { changeField, fill, mapKept } from '../shared/fill.ts'
import { counted } from '../shared/generation.ts'
import { goStrings, invalidShown } from '../shared/go-values.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkName, checkText } from '../shared/rules.ts'
import type { NetworkPolicy } from './types.ts'

const PROTOCOLS = ['TCP', 'UDP', 'SCTP']
const POLICY_TYPES = ['Egress', 'Ingress']

export const networkPolicyStrategy: Strategy<NetworkPolicy> = {
  defaults: policy => changeField(policy, 'spec', defaultSpec),
  prepareForCreate: counted,
  validate: policy => [...checkMetadata(policy, isDns1123Subdomain), ...validateSpec(policy.spec ?? {})],
  validateUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    return next.spec === old.spec ? errors : [...errors, ...validateSpec(next.spec)]
  },
}

function defaultSpec(spec: NetworkPolicySpec): NetworkPolicySpec {
  let complete = spec
  if (!spec.policyTypes?.length) {
    complete = { ...spec, policyTypes: spec.egress?.length ? ['Ingress', 'Egress'] : ['Ingress'] }
  }
  for (const direction of ['ingress', 'egress'] as const) {
    complete = changeField(complete, direction, rules =>
      mapKept(rules, rule => changeField(rule, 'ports', ports => mapKept(ports, defaultPort))),
    )
  }
  return complete
}

function defaultPort(port: NetworkPolicyPort): NetworkPolicyPort {
  return fill(port, { protocol: 'TCP' })
}

function validateSpec(spec: Partial<NetworkPolicySpec>): FieldError[] {
  const errors = validateLabelSelector(spec.podSelector, 'spec.podSelector')
  const check = (
    ports: readonly NetworkPolicyPort[] = [],
    peers: readonly NetworkPolicyPeer[] = [],
    path: string,
    side: string,
  ) => {
    for (const [i, port] of ports.entries()) errors.push(...validatePort(port, `${path}.ports[${i}]`))
    for (const [i, peer] of peers.entries()) errors.push(...validatePeer(peer, `${path}.${side}[${i}]`))
  }
  spec.ingress?.forEach((rule, i) => {
    check(rule.ports, rule.from, `spec.ingress[${i}]`, 'from')
  })
  spec.egress?.forEach((rule, i) => {
    check(rule.ports, rule.to, `spec.egress[${i}]`, 'to')
  })
  const types = spec.policyTypes ?? []
  if (types.length > POLICY_TYPES.length) {
    const shown = `&${goStrings(types, '[]networking.PolicyType')}`
    return [...errors, invalidShown('spec.policyTypes', shown, 'may not specify more than two policyTypes')]
  }
  types.forEach((type, i) => {
    if (!POLICY_TYPES.includes(type)) {
      errors.push(notSupported(`spec.policyTypes[${i}]`, type, POLICY_TYPES))
    }
  })
  return errors
}

function validatePort({ protocol, port, endPort }: NetworkPolicyPort, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (protocol !== undefined && !PROTOCOLS.includes(protocol)) {
    errors.push(notSupported(`${path}.protocol`, protocol, PROTOCOLS))
  }
  const failEnd = (detail: string, value = endPort) =>
    errors.push(invalidValue(`${path}.endPort`, value, detail))
  if (port === undefined) {
    if (endPort !== undefined) failEnd('may not be specified when `port` is not specified')
  } else if (typeof port === 'string') {
    if (endPort !== undefined) failEnd('may not be specified when `port` is non-numeric')
    errors.push(...checkText(port, `${path}.port`, isPortName))
  } else {
    errors.push(...isPortNumber(port).map(text => invalidValue(`${path}.port`, port, text)))
    if (endPort === undefined) return errors
    if (endPort < port) failEnd('must be greater than or equal to `port`', port)
    for (const text of isPortNumber(endPort)) failEnd(text)
  }
  return errors
}

function validatePeer(peer: NetworkPolicyPeer, path: string): FieldError[] {
  const { podSelector, namespaceSelector, ipBlock } = peer
  const errors = [
    ...validateLabelSelector(podSelector, `${path}.podSelector`),
    ...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`),
    ...(ipBlock ? validateBlock(ipBlock, `${path}.ipBlock`) : []),
  ]
  if (!podSelector && !namespaceSelector && !ipBlock) {
    errors.push(required(path, 'must specify a peer'))
  } else if (ipBlock && (podSelector || namespaceSelector)) {
    errors.push(fieldForbidden(path, 'may not specify both ipBlock and another peer'))
  }
  return errors
}

function validateBlock({ cidr, except = [] }: IPBlock, path: string): FieldError[] {
  const errors = checkName(cidr, `${path}.cidr`, isCidr)
  except.forEach((inner, i) => {
    const exceptPath = `${path}.except[${i}]`
    const complaints = isCidr(inner)
    const isWhole = errors.length === 0 && complaints.length === 0
    // Ranges of IPv6 are not compared.
    if (isWhole && !cidr.includes(':') && !inner.includes(':') && !isStrictlyWithin(inner, cidr)) {
      complaints.push('must be a strict subset of `cidr`')
    }
    errors.push(...complaints.map(text => invalidValue(exceptPath, inner, text)))
  })
  return errors
}

function isStrictlyWithin(inner: string, outer: string): boolean {
  const [within, around] = [parseCidr(inner), parseCidr(outer)]
  return within.bits > around.bits && contains(around, within.base)
}

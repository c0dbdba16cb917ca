/** How Services are created and changed. Mirrors pkg/registry/core/service/strategy.go and its storage. */
import { produce } from 'immer'
import type { ServiceSpec } from 'kubernetes-types/core/v1.js'
import type { Strategy } from '../../define-kind.ts'
import { checkMetadataUpdate } from '../shared/metadata.ts'
import { allocate, release } from './allocation.ts'
import { defaultService } from './defaults.ts'
import { isHeadless, validateService, validateServiceUpdate } from './rules.ts'
import type { Service } from './types.ts'

const EMPTY_STATUS = Object.freeze({ loadBalancer: Object.freeze({}) })

export const serviceStrategy: Strategy<Service> = {
  defaults: defaultService,
  prepareForCreate(service, context) {
    const fresh = { ...service, status: EMPTY_STATUS }
    // What will be refused takes nothing: the pools would never get it back.
    if (validateService(fresh).length > 0) return fresh
    return allocate({ ...fresh, spec: withFamilies(fresh.spec) }, undefined, context)
  },
  prepareForUpdate(next, old, context) {
    if (next.spec === old.spec) return next
    const kept = { ...next, spec: keepAllocated(dropUnused(next.spec, old.spec), old.spec) }
    if (validateServiceUpdate(kept, old).length > 0) return kept
    return allocate({ ...kept, spec: withFamilies(kept.spec) }, old, context)
  },
  validate: validateService,
  validateUpdate: validateServiceUpdate,
  validateStatusUpdate: checkMetadataUpdate,
  afterDelete: (service, context) => release(service, undefined, context),
  afterUpdate: (next, old, context) => release(old, next, context),
  afterFailure: (next, old, context) => release(next, old, context),
  allowsCreateOnUpdate: true,
}

/** Families of a cluster with IPv4 only; who answers without an address of its own could have both. */
function withFamilies(spec: ServiceSpec): ServiceSpec {
  return produce(spec, draft => {
    if (spec.type === 'ExternalName' || (spec.ipFamilies && spec.ipFamilyPolicy)) return
    const isOpen = isHeadless(spec) && Object.keys(spec.selector ?? {}).length === 0
    draft.ipFamilyPolicy ||= isOpen ? 'RequireDualStack' : 'SingleStack'
    draft.ipFamilies ??= isOpen ? ['IPv4', 'IPv6'] : ['IPv4']
  })
}

/** Whoever updates without saying what was allocated keeps it (`patchAllocatedValues`). */
function keepAllocated(next: ServiceSpec, old: ServiceSpec): ServiceSpec {
  return produce(next, draft => {
    if (next.type !== 'ExternalName' && old.type !== 'ExternalName') {
      if (!next.clusterIP && !next.clusterIPs?.length) {
        draft.clusterIP = old.clusterIP
        draft.clusterIPs = old.clusterIPs
      } else if (next.clusterIP && next.clusterIP === old.clusterIP) {
        draft.clusterIPs ??= old.clusterIPs
      }
      draft.ipFamilies ??= old.ipFamilies
      draft.ipFamilyPolicy ||= old.ipFamilyPolicy
    }
    if (!hasNodePorts(next) || !hasNodePorts(old)) return
    const known = new Map(old.ports?.map(port => [`${port.protocol}/${port.port}`, port.nodePort]))
    const used = new Set(next.ports?.map(port => port.nodePort).filter(Boolean))
    for (const port of draft.ports ?? []) {
      const nodePort = known.get(`${port.protocol}/${port.port}`)
      if (!port.nodePort && nodePort && !used.has(nodePort)) port.nodePort = nodePort
    }
  })
}

/** A change of type drops what the new type has no use for, where the user left it (`dropTypeDependentFields`). */
function dropUnused(next: ServiceSpec, old: ServiceSpec): ServiceSpec {
  if (next.type === old.type) return next
  return produce(next, draft => {
    if (next.type === 'ExternalName' && next.clusterIP === old.clusterIP) {
      delete draft.clusterIP
      delete draft.clusterIPs
      delete draft.ipFamilies
      delete draft.ipFamilyPolicy
    }
    const isUntouched = next.ports?.every((port, i) => port.nodePort === old.ports?.[i]?.nodePort)
    if (hasNodePorts(old) && !hasNodePorts(next) && isUntouched) {
      for (const port of draft.ports ?? []) delete port.nodePort
    }
    if (old.type === 'LoadBalancer') {
      delete draft.allocateLoadBalancerNodePorts
      delete draft.healthCheckNodePort
    }
    if (!hasNodePorts(next) && !next.externalIPs?.length) delete draft.externalTrafficPolicy
  })
}

function hasNodePorts(spec: ServiceSpec): boolean {
  return spec.type === 'NodePort' || spec.type === 'LoadBalancer'
}

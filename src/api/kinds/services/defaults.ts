/** `SetDefaults_Service` of pkg/apis/core/v1/defaults.go. Addresses and families are given by the strategy. */
import type { ServicePort, ServiceSpec } from 'kubernetes-types/core/v1.js'
import { changeField, fill, mapKept, withField } from '../shared/fill.ts'
import { freezeDeep } from '../shared/freeze.ts'
import type { Service } from './types.ts'

/** Seconds a client sticks to its endpoint. */
const CLIENT_IP_TIMEOUT_SECONDS = 10_800

export function defaultService(service: Service): Service {
  const complete = changeField(service, 'spec', defaultSpec)
  const withStatus = fill(complete, { status: {} })
  return changeField(withStatus, 'status', status => fill(status, { loadBalancer: {} }))
}

function defaultSpec(spec: ServiceSpec): ServiceSpec {
  let complete = fill(spec, { type: 'ClusterIP', sessionAffinity: 'None' })
  complete = defaultAffinity(complete)
  complete = changeField(complete, 'ports', ports => mapKept(ports, defaultPort))
  const { type } = complete
  const isExternal =
    type === 'NodePort' || type === 'LoadBalancer' || (type === 'ClusterIP' && !!complete.externalIPs?.length)
  if (isExternal) complete = fill(complete, { externalTrafficPolicy: 'Cluster' })
  if (type !== 'ExternalName') complete = fill(complete, { internalTrafficPolicy: 'Cluster' })
  // Whoever asks which pods it means compiles a frozen selector once.
  freezeDeep(complete.selector)
  if (type === 'LoadBalancer') complete = fill(complete, { allocateLoadBalancerNodePorts: true })
  return complete
}

function defaultAffinity(spec: ServiceSpec): ServiceSpec {
  if (spec.sessionAffinity === 'ClientIP' && spec.sessionAffinityConfig?.clientIP?.timeoutSeconds == null) {
    return { ...spec, sessionAffinityConfig: { clientIP: { timeoutSeconds: CLIENT_IP_TIMEOUT_SECONDS } } }
  }
  const isSuperfluous = spec.sessionAffinity === 'None' && spec.sessionAffinityConfig
  return isSuperfluous ? withField(spec, 'sessionAffinityConfig', undefined) : spec
}

function defaultPort(port: ServicePort): ServicePort {
  const withTarget = port.targetPort || port.port === undefined ? port : { ...port, targetPort: port.port }
  return fill(withTarget, { protocol: 'TCP' })
}

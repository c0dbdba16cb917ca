/**
 * What a pod is to a Service: in its endpoints or not, on which ports. Mirrors `k8s.io/endpointslice/util` and
 * `FindPort`.
 */
import type { Container, ContainerPort, ServicePort } from 'kubernetes-types/core/v1.js'
import { findCondition, type Pod, type Service } from '../../api/index.ts'
import { isPodFinished, isPodReady, readySince } from './pod-state.ts'

/** A port of a Service as one pod offers it. */
export interface ResolvedPort {
  readonly name: string
  readonly port: number
  readonly protocol: string
  readonly appProtocol?: string
}

/** Pods that have an address and will not finish belong into endpoints, terminating ones included. */
export function isInEndpoints(pod: Pod): boolean {
  return !!pod.status.podIP && !isPodFinished(pod)
}

/** Whether anything changed that endpoints show. */
export function isEndpointChanged(pod: Pod, old: Pod): boolean {
  if (pod.status === old.status && pod.metadata.deletionTimestamp === old.metadata.deletionTimestamp) {
    return false
  }
  const isIn = isInEndpoints(pod)
  if (isIn !== isInEndpoints(old)) return true
  if (!isIn) return false
  return (
    pod.status.podIP !== old.status.podIP ||
    isPodReady(pod) !== isPodReady(old) ||
    !pod.metadata.deletionTimestamp !== !old.metadata.deletionTimestamp ||
    pod.metadata.uid !== old.metadata.uid
  )
}

/** The pod's addresses of one family. */
export function addressesOf(pod: Pod, family: 'IPv4' | 'IPv6'): string[] {
  const all = pod.status.podIPs?.map(({ ip }) => ip ?? '') ?? [pod.status.podIP ?? '']
  return all.filter(ip => ip !== '' && ip.includes(':') === (family === 'IPv6'))
}

/** The host name DNS gives it under the Service, when the pod asks for one there. */
export function hostnameOf(pod: Pod, service: Service): string | undefined {
  const { hostname, subdomain } = pod.spec
  const isHere = subdomain === service.metadata.name && pod.metadata.namespace === service.metadata.namespace
  return hostname && isHere ? hostname : undefined
}

/** The Service's ports on that pod; those it does not offer are left out. */
export function resolvePorts(service: Service, pod: Pod): readonly ResolvedPort[] {
  const ports: ResolvedPort[] = []
  for (const servicePort of service.spec.ports ?? []) {
    const port = findPort(pod, servicePort)
    if (port === undefined) continue
    const { name = '', protocol = 'TCP', appProtocol } = servicePort
    ports.push({ name, port, protocol, ...(appProtocol && { appProtocol }) })
  }
  return ports
}

/** True when every pod offers the same ports: no target is named. */
export function hasFixedPorts(service: Service): boolean {
  return (service.spec.ports ?? []).every(port => typeof port.targetPort !== 'string')
}

function findPort(pod: Pod, servicePort: ServicePort): number | undefined {
  const { targetPort, port, protocol = 'TCP' } = servicePort
  if (targetPort === undefined || targetPort === 0) return port
  if (typeof targetPort === 'number') return targetPort
  const isWanted = (offered: ContainerPort) =>
    offered.name === targetPort && (offered.protocol ?? 'TCP') === protocol
  const sidecars = (pod.spec.initContainers ?? []).filter(
    container => (container as Container & { restartPolicy?: string }).restartPolicy === 'Always',
  )
  for (const container of [...pod.spec.containers, ...sidecars]) {
    const found = container.ports?.find(isWanted)
    if (found) return found.containerPort
  }
  return undefined
}

/** When the change happened that the pod's endpoint shows: its last turn of readiness. */
export function triggerTimeOf(pod: Pod): string | undefined {
  return readySince(pod) ?? findCondition(pod, 'Ready')?.lastTransitionTime
}

/** The earlier of two RFC 3339 times. */
export function earlier(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a < b ? a : b
}

/** Equal for equal sets of ports. Most Services resolve to one list, which is looked up, not written again. */
export function portsKey(ports: readonly ResolvedPort[]): string {
  let key = keys.get(ports)
  if (key === undefined) {
    key = ports
      .map(({ name, port, protocol, appProtocol = '' }) => `${name} ${port} ${protocol} ${appProtocol}`)
      .sort()
      .join(',')
    keys.set(ports, key)
  }
  return key
}
const keys = new WeakMap<readonly ResolvedPort[], string>()

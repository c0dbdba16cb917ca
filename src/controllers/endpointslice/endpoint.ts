/** One pod as an endpoint, and the parts of a slice that come from its Service. */
import type { Endpoint } from 'kubernetes-types/discovery/v1.js'
import { ENDPOINTS, NAMES, type Node, type OwnerReference, type Pod, type Service } from '../../api/index.ts'
import { addressesOf, hostnameOf } from '../shared/endpoint-pods.ts'
import { isPodReady } from '../shared/pod-state.ts'

export type AddressType = 'IPv4' | 'IPv6'

/** The pod's endpoint for one family; undefined when it has no address there. Frozen. */
export function endpointOf(
  pod: Pod,
  node: Node | undefined,
  service: Service,
  addressType: AddressType,
): Endpoint | undefined {
  const addresses = addressesOf(pod, addressType)
  if (addresses.length === 0) return undefined
  const serving = isPodReady(pod)
  const terminating = pod.metadata.deletionTimestamp !== undefined
  const ready = service.spec.publishNotReadyAddresses === true || (serving && !terminating)
  const { namespace, name, uid } = pod.metadata
  const zone = node?.metadata.labels?.[NAMES.zoneLabel]
  const hostname = hostnameOf(pod, service)
  return Object.freeze({
    addresses: Object.freeze(addresses) as string[],
    conditions: Object.freeze({ ready, serving, terminating }),
    ...(hostname && { hostname }),
    ...(pod.spec.nodeName && { nodeName: pod.spec.nodeName }),
    targetRef: Object.freeze({ kind: 'Pod', namespace, name, uid }),
    ...(zone && { zone }),
  })
}

/** The families a Service has addresses in. */
export function addressTypesOf(service: Service): readonly AddressType[] {
  const families = (service.spec.ipFamilies ?? []).filter(
    (family): family is AddressType => family === 'IPv4' || family === 'IPv6',
  )
  if (families.length > 0) return families
  return service.spec.clusterIP?.includes(':') ? ['IPv6'] : ['IPv4']
}

/** The Service's labels and what marks a slice as its own. */
export function sliceLabels(service: Service): Record<string, string> {
  const labels: Record<string, string> = { ...service.metadata.labels }
  delete labels[ENDPOINTS.headlessLabel]
  const { clusterIP } = service.spec
  if (!clusterIP || clusterIP === 'None') labels[ENDPOINTS.headlessLabel] = ''
  labels[NAMES.serviceNameLabel] = service.metadata.name
  labels[NAMES.managedByLabel] = ENDPOINTS.sliceManager
  return labels
}

/** The controller reference of a slice. */
export function serviceReference(service: Service): OwnerReference {
  const { name, uid } = service.metadata
  return { apiVersion: 'v1', kind: 'Service', name, uid, controller: true, blockOwnerDeletion: true }
}

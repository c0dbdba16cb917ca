/**
 * The addresses of one Service as core/v1 Endpoints lists them: pods with the same ports form a subset, in order
 * of address, at most a thousand in all. Kept sorted as pods come and go; upstream packs all anew at every sync
 * (`endpoints.RepackSubsets`).
 */
import type { EndpointAddress, EndpointSubset } from 'kubernetes-types/core/v1.js'
import { ENDPOINTS, type Pod, type Service } from '../../api/index.ts'
import { hostnameOf, portsKey, type ResolvedPort } from '../shared/endpoint-pods.ts'
import { isPodReady } from '../shared/pod-state.ts'

interface Subset {
  readonly ports: readonly ResolvedPort[]
  readonly ready: EndpointAddress[]
  readonly notReady: EndpointAddress[]
}

interface Place {
  readonly address: EndpointAddress
  readonly subsetKey: string
  readonly isReady: boolean
}

export class ServiceAddresses {
  readonly #subsets = new Map<string, Subset>()
  readonly #places = new Map<string, Place>()
  #total = 0

  /** Forgets a pod. */
  remove(podKey: string): void {
    const place = this.#places.get(podKey)
    if (!place) return
    this.#places.delete(podKey)
    this.#total--
    const subset = this.#subsets.get(place.subsetKey)!
    const list = place.isReady ? subset.ready : subset.notReady
    list.splice(list.indexOf(place.address, firstAtOrAfter(list, place.address)), 1)
    if (subset.ready.length + subset.notReady.length === 0) this.#subsets.delete(place.subsetKey)
  }

  /** Puts a pod where it belongs now. */
  set(podKey: string, pod: Pod, service: Service, ports: readonly ResolvedPort[]): void {
    this.remove(podKey)
    const isReady = service.spec.publishNotReadyAddresses === true || isPodReady(pod)
    const address = addressOf(pod, service)
    const subsetKey = portsKey(ports)
    let subset = this.#subsets.get(subsetKey)
    if (!subset) {
      subset = { ports, ready: [], notReady: [] }
      this.#subsets.set(subsetKey, subset)
    }
    const list = isReady ? subset.ready : subset.notReady
    list.splice(firstAtOrAfter(list, address), 0, address)
    this.#places.set(podKey, { address, subsetKey, isReady })
    this.#total++
  }

  /** More addresses than one object may hold. */
  get isTruncated(): boolean {
    return this.#total > ENDPOINTS.maxAddresses
  }

  /** The subsets to show: ready addresses have precedence when there are too many. */
  subsets(): EndpointSubset[] {
    let left: number = ENDPOINTS.maxAddresses
    const ordered = [...this.#subsets.entries()].sort(([a], [b]) => (a < b ? -1 : 1))
    const shown = ordered.map(([, subset]) => {
      const ready = subset.ready.slice(0, left)
      left -= ready.length
      return { subset, ready, notReady: [] as EndpointAddress[] }
    })
    for (const part of shown) {
      part.notReady = part.subset.notReady.slice(0, left)
      left -= part.notReady.length
    }
    return shown
      .filter(({ ready, notReady }) => ready.length + notReady.length > 0)
      .map(({ subset, ready, notReady }) => ({
        ...(ready.length > 0 && { addresses: ready }),
        ...(notReady.length > 0 && { notReadyAddresses: notReady }),
        ...(subset.ports.length > 0 && { ports: subset.ports.map(coreV1Port) }),
      }))
  }
}

/** core/v1 leaves an empty port name out, discovery/v1 writes it. */
function coreV1Port({ name, port, protocol, appProtocol }: ResolvedPort) {
  return { ...(name && { name }), port, protocol, ...(appProtocol && { appProtocol }) }
}

function addressOf(pod: Pod, service: Service): EndpointAddress {
  const { namespace, name, uid } = pod.metadata
  const hostname = hostnameOf(pod, service)
  return Object.freeze({
    ip: pod.status.podIP ?? '',
    ...(hostname && { hostname }),
    ...(pod.spec.nodeName && { nodeName: pod.spec.nodeName }),
    targetRef: Object.freeze({ kind: 'Pod', namespace, name, uid }),
  })
}

/** Where `address` stands, or would, in a list ordered by address, then uid. */
function firstAtOrAfter(list: readonly EndpointAddress[], address: EndpointAddress): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBefore(list[middle]!, address)) low = middle + 1
    else high = middle
  }
  return low
}

function isBefore(a: EndpointAddress, b: EndpointAddress): boolean {
  if (a.ip !== b.ip) return a.ip < b.ip
  return (a.targetRef?.uid ?? '') < (b.targetRef?.uid ?? '')
}

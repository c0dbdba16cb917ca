/** What pods use, as the controller hears of it. Mirrors `pkg/controller/podautoscaler/metrics`. */
import {
  bytes,
  type ContainerUsage,
  formatQuantity,
  type Measurement,
  milliCpu,
  type Pod,
} from '../../api/index.ts'

/** Where usage comes from; declared here, implemented by who knows the kubelets. */
export interface ResourceMetrics {
  /** Of every running container, over the last window. */
  usage(): readonly ContainerUsage[]
}

/** Thousandths of a resource by pod; only pods of which every container is known. */
export function usageByPod(
  usages: readonly ContainerUsage[],
  pods: readonly Pod[],
  resource: string,
  container: string | undefined,
): Map<string, number> {
  const wanted = new Map(pods.map(pod => [pod.metadata.name, pod.metadata.namespace]))
  const sums = new Map<string, number>()
  for (const usage of usages) {
    if (wanted.get(usage.pod) !== usage.namespace) continue
    if (container !== undefined && usage.container !== container) continue
    const value =
      resource === 'cpu'
        ? Math.ceil(usage.cpuNanoCores / 1_000_000)
        : resource === 'memory'
          ? usage.memoryBytes * 1000
          : undefined
    if (value !== undefined) sums.set(usage.pod, (sums.get(usage.pod) ?? 0) + value)
  }
  return sums
}

/** When, and for how long, the containers of each pod were measured. */
export function measurementsByPod(
  usages: readonly ContainerUsage[],
  pods: readonly Pod[],
): ReadonlyMap<string, Measurement> {
  const wanted = new Map(pods.map(pod => [pod.metadata.name, pod.metadata.namespace]))
  return new Map(
    usages.filter(({ pod, namespace }) => wanted.get(pod) === namespace).map(usage => [usage.pod, usage]),
  )
}

/** Thousandths of what the pod's containers ask for, or the name of one that does not ask. */
export function requestOf(
  pod: Pod,
  resource: string,
  container: string | undefined,
): number | { readonly missing: string } {
  const sidecars = (pod.spec.initContainers ?? []).filter(one => one.restartPolicy === 'Always')
  let sum = 0
  for (const one of [...pod.spec.containers, ...sidecars]) {
    if (container !== undefined && one.name !== container) continue
    const request = one.resources?.requests?.[resource]
    if (request === undefined) return { missing: one.name }
    sum += thousandths(request, resource)
  }
  return sum
}

/** A quantity in thousandths. */
export function thousandths(quantity: string | number, resource: string): number {
  return resource === 'cpu' ? milliCpu(quantity) : bytes(quantity) * 1000
}

/** Thousandths as Kubernetes prints them. */
export function quantityText(thousandthsOfOne: number): string {
  return formatQuantity({ nano: BigInt(thousandthsOfOne) * 1_000_000n, format: 'DecimalSI' })
}

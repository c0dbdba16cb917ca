/** Which container of a pod a stream is about, with upstream's refusals. Mirrors `pkg/registry/core/pod/strategy.go`. */
import { ApiError, type Pod, Pods, statuses } from '../../api/index.ts'
import type { Cluster } from '../../cluster/index.ts'

/** A pod and one of its containers. */
export interface FoundContainer {
  readonly pod: Pod
  readonly container: string
}

/** Throws ApiError 400 or 404. `asked` is '' when the client named none. */
export function findContainer(
  { world }: Cluster,
  namespace: string,
  name: string,
  asked: string,
): FoundContainer {
  const pod = world.observer.get({ kind: Pods, namespace, name }) as Pod | undefined
  if (!pod) throw new ApiError(statuses.notFound(Pods, name))
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec
  const all = [...containers, ...initContainers, ...ephemeralContainers].map(container => container.name)
  if (asked !== '') {
    if (all.includes(asked)) return { pod, container: asked }
    throw new ApiError(statuses.badRequest(`container ${asked} is not valid for pod ${name}`))
  }
  if (containers.length === 1) return { pod, container: containers[0]!.name }
  const usual = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container']
  if (usual && all.includes(usual)) return { pod, container: usual }
  const list = (names: readonly { name: string }[]) => `[${names.map(one => one.name).join(' ')}]`
  let message = `a container name must be specified for pod ${name}, choose one of: ${list(containers)}`
  if (initContainers.length > 0) message += ` or one of the init containers: ${list(initContainers)}`
  throw new ApiError(statuses.badRequest(message))
}

/** The state of a container as the pod's status has it. */
export function stateOf({ pod, container }: FoundContainer) {
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = pod.status
  const every = [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses]
  return every.find(status => status.name === container)
}

/**
 * Keeps the core/v1 Endpoints of every Service with a selector: the older, one-object form of its slices. Mirrors
 * `pkg/controller/endpoint`; differs in remembering addresses between syncs, and in ordering a subset's ports as
 * the Service does (upstream: by hash). Mirroring hand-written Endpoints into slices is not modelled.
 */
import {
  deepEqual,
  ENDPOINTS,
  Endpoints,
  type EndpointsObject,
  type Pod,
  type Service,
  Services,
} from '../../api/index.ts'
import {
  type ApiPort,
  type ApiResult,
  createObject,
  deleteObject,
  EventRecorder,
  type Informers,
  updateObject,
  WorkerPool,
  type WorkResult,
} from '../../client/index.ts'
import { LIMITS, type Routine, type Scope, sleep } from '../../sim/index.ts'
import {
  earlier,
  hasFixedPorts,
  isInEndpoints,
  type ResolvedPort,
  resolvePorts,
  triggerTimeOf,
} from '../shared/endpoint-pods.ts'
import { type Followed, ServicePods } from '../shared/service-pods.ts'
import { ServiceAddresses } from './addresses.ts'

export interface EndpointsOptions {
  readonly api: ApiPort
  readonly informers: Informers
  /** `--endpoint-updates-batch-period`: how long pods' changes are gathered; 0 unless given. */
  readonly updatesBatchMs?: number
}

/** What is remembered of one Service. */
interface Memory {
  readonly service: Service
  readonly addresses: ServiceAddresses
  /** The ports on every pod, once known, when none of them is named. */
  fixedPorts: readonly ResolvedPort[] | undefined
  /** As written last. */
  stored: EndpointsObject | undefined
}

export class EndpointsController {
  readonly #api: ApiPort
  readonly #informers: Informers
  readonly #events: EventRecorder
  readonly #pool: WorkerPool
  readonly #pods: ServicePods
  readonly #memories = new Map<string, Memory>()

  constructor(scope: Scope, options: EndpointsOptions) {
    this.#api = options.api
    this.#informers = options.informers
    this.#events = new EventRecorder(scope, options.api, { component: ENDPOINTS.endpointsManager })
    const work = { workers: ENDPOINTS.workers, subjectPrefix: '/registry/services/' }
    this.#pool = new WorkerPool(scope, 'endpoints', work, key => this.#sync(key))
    const batchMs = options.updatesBatchMs ?? 0
    this.#pods = new ServicePods(options.informers, (key, isPodChange) =>
      this.#pool.queue.addAfter(key, isPodChange ? batchMs : 0),
    )
    this.#informers.of(Endpoints)
  }

  start(): void {
    this.#pods.start()
    this.#informers.of(Endpoints).addHandler({
      // What was left over from a Service that went while nobody looked.
      added: (_object, key) => {
        if (this.#pool.runs === 0) this.#pool.queue.add(key)
      },
      deleted: (object, key) => {
        const memory = this.#memories.get(key)
        if (memory?.stored?.metadata.uid === object.metadata.uid) memory.stored = undefined
        this.#pool.queue.add(key)
      },
    })
    this.#informers.start()
    this.#informers.whenSynced(() => this.#pool.start())
  }

  #sync(key: string): WorkResult | Routine<WorkResult> {
    const followed = this.#pods.get(key)
    if (followed) return this.#reconcile(key, followed)
    this.#memories.delete(key)
    const leftOver = this.#informers.of(Endpoints).getByKey(key)
    if (!leftOver || this.#informers.of(Services).getByKey(key) || !isOurs(leftOver)) return 'done'
    return this.#remove(leftOver)
  }

  *#remove(leftOver: EndpointsObject): Routine<WorkResult> {
    const result = yield* deleteObject(this.#api, Endpoints, leftOver)
    return result.ok || result.code === 404 || result.code === 409 ? 'done' : 'retry'
  }

  *#reconcile(key: string, followed: Followed): Routine<WorkResult> {
    const { service } = followed
    let memory = this.#memories.get(key)
    const changed = followed.changed
    followed.changed = new Set()
    let since: string | undefined
    if (memory?.service !== service) {
      memory = { service, addresses: new ServiceAddresses(), fixedPorts: undefined, stored: undefined }
      this.#memories.set(key, memory)
      for (const podKey of this.#pods.allSelected(followed)) changed.add(podKey)
      since = service.metadata.creationTimestamp
    }
    let done = 0
    for (const podKey of changed) {
      if (++done % LIMITS.objectsPerStep === 0) yield* sleep(0)
      since = earlier(since, this.#applyPod(memory, followed, podKey))
    }
    return yield* this.#write(key, memory, since)
  }

  /** Brings a pod's present state into the addresses; gives when it changed. */
  #applyPod(memory: Memory, followed: Followed, podKey: string): string | undefined {
    const { service } = followed
    const pod = this.#pods.selected(followed, podKey)
    const isTerminating = pod?.metadata.deletionTimestamp !== undefined
    const isIn = pod && isInEndpoints(pod) && (!isTerminating || service.spec.publishNotReadyAddresses)
    const ports = isIn ? portsOf(memory, pod) : []
    const isPortless = (service.spec.ports ?? []).length === 0 && service.spec.clusterIP === 'None'
    if (isIn && (ports.length > 0 || isPortless)) memory.addresses.set(podKey, pod, service, ports)
    else memory.addresses.remove(podKey)
    return pod && triggerTimeOf(pod)
  }

  *#write(key: string, memory: Memory, since: string | undefined): Routine<WorkResult> {
    const { service } = memory
    const stored = newer(memory.stored, this.#informers.of(Endpoints).getByKey(key))
    const wanted = endpointsOf(service, memory.addresses, stored, since)
    if (stored && isSame(stored, wanted)) return 'done'
    const result: ApiResult<EndpointsObject> = stored
      ? yield* updateObject(this.#api, Endpoints, wanted as EndpointsObject)
      : yield* createObject(this.#api, Endpoints, wanted)
    if (result.ok) {
      memory.stored = result.object
      return 'done'
    }
    memory.stored = undefined
    if (result.status.details?.causes?.some(cause => cause.reason === 'NamespaceTerminating')) return 'done'
    const reason = stored ? 'FailedToUpdateEndpoint' : 'FailedToCreateEndpoint'
    const verb = stored ? 'update' : 'create'
    this.#events.event(
      service,
      'Warning',
      reason,
      `Failed to ${verb} endpoint ${key}: ${result.status.message}`,
    )
    return 'retry'
  }
}

function portsOf(memory: Memory, pod: Pod): readonly ResolvedPort[] {
  if (!hasFixedPorts(memory.service)) return resolvePorts(memory.service, pod)
  memory.fixedPorts ??= resolvePorts(memory.service, pod)
  return memory.fixedPorts
}

/** The version to build on: the cache may lag behind what was written last. */
function newer(
  written: EndpointsObject | undefined,
  cached: EndpointsObject | undefined,
): EndpointsObject | undefined {
  if (!written || !cached || written.metadata.uid !== cached.metadata.uid) return cached ?? written
  return Number(written.metadata.resourceVersion) >= Number(cached.metadata.resourceVersion)
    ? written
    : cached
}

function endpointsOf(
  service: Service,
  addresses: ServiceAddresses,
  stored: EndpointsObject | undefined,
  since: string | undefined,
) {
  const { clusterIP } = service.spec
  const labels: Record<string, string> = { ...service.metadata.labels }
  delete labels[ENDPOINTS.headlessLabel]
  if (!clusterIP || clusterIP === 'None') labels[ENDPOINTS.headlessLabel] = ''
  labels[ENDPOINTS.endpointsManagedByLabel] = ENDPOINTS.endpointsManager
  const annotations: Record<string, string> = { ...stored?.metadata.annotations }
  delete annotations[ENDPOINTS.lastChangeAnnotation]
  delete annotations[ENDPOINTS.overCapacityAnnotation]
  if (since) annotations[ENDPOINTS.lastChangeAnnotation] = since
  if (addresses.isTruncated) annotations[ENDPOINTS.overCapacityAnnotation] = 'truncated'
  const { name, namespace } = service.metadata
  return {
    apiVersion: Endpoints.apiVersion,
    kind: Endpoints.kind,
    metadata: {
      ...(stored?.metadata ?? { name, namespace }),
      labels,
      annotations: Object.keys(annotations).length > 0 ? annotations : undefined,
    },
    subsets: addresses.subsets(),
  }
}

/** Whether writing would change more than the time of the last change. */
function isSame(stored: EndpointsObject, wanted: ReturnType<typeof endpointsOf>): boolean {
  const capacity = (annotations: Record<string, string> | undefined) =>
    annotations?.[ENDPOINTS.overCapacityAnnotation]
  return (
    deepEqual(stored.subsets ?? [], wanted.subsets) &&
    deepEqual(stored.metadata.labels ?? {}, wanted.metadata.labels) &&
    capacity(stored.metadata.annotations) === capacity(wanted.metadata.annotations)
  )
}

function isOurs(object: EndpointsObject): boolean {
  return object.metadata.labels?.[ENDPOINTS.endpointsManagedByLabel] === ENDPOINTS.endpointsManager
}

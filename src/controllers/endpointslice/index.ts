/**
 * Keeps the EndpointSlices of every Service with a selector. Mirrors `pkg/controller/endpointslice`; differs in
 * keeping each Service's slices in mind between syncs instead of reading all its pods again, and in having no
 * topology hints. A component rather than a pure reconcile for that memory's sake.
 */
import {
  deepEqual,
  ENDPOINTS,
  type EndpointSlice,
  EndpointSlices,
  NAMES,
  type NewObject,
  Nodes,
  type Service,
  type Status,
} from '../../api/index.ts'
import {
  type ApiPort,
  type ApiResult,
  type CacheIndex,
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
import { addressTypesOf, endpointOf, serviceReference, sliceLabels } from './endpoint.ts'
import { FamilySlices, type Slice } from './slices.ts'

export interface EndpointSliceOptions {
  readonly api: ApiPort
  readonly informers: Informers
  /** `--endpointslice-updates-batch-period`: how long pods' changes are gathered; 0 unless given. */
  readonly updatesBatchMs?: number
}

/** Ours, by the Service they belong to. */
const SLICES_BY_SERVICE: CacheIndex<EndpointSlice> = {
  kind: EndpointSlices,
  name: 'slices-by-service',
  values: slice => {
    const labels = slice.metadata.labels ?? {}
    if (labels[NAMES.managedByLabel] !== ENDPOINTS.sliceManager) return []
    return [`${slice.metadata.namespace}/${labels[NAMES.serviceNameLabel]}`]
  },
}

/** What is remembered of one Service. */
interface Memory {
  readonly uid: string
  readonly families: Map<string, FamilySlices>
  /** resourceVersion by name, of all slices as this controller wrote or read them last. */
  readonly versions: Map<string, string>
  /** The Service as last worked on, for its ports. */
  service: Service
  fixedPorts: readonly ResolvedPort[] | undefined
}

export class EndpointSliceController {
  readonly #api: ApiPort
  readonly #informers: Informers
  readonly #events: EventRecorder
  readonly #pool: WorkerPool
  readonly #pods: ServicePods
  readonly #batchMs: number
  readonly #memories = new Map<string, Memory>()
  /** Services whose slices are being written, with what was seen of them meanwhile. */
  readonly #writing = new Map<string, { readonly slice: EndpointSlice; readonly isGone: boolean }[]>()

  constructor(scope: Scope, options: EndpointSliceOptions) {
    this.#api = options.api
    this.#informers = options.informers
    this.#batchMs = options.updatesBatchMs ?? 0
    this.#events = new EventRecorder(scope, options.api, { component: 'endpoint-slice-controller' })
    this.#pool = new WorkerPool(
      scope,
      'endpointslice',
      {
        workers: ENDPOINTS.workers,
        subjectPrefix: '/registry/services/',
        baseBackoffMs: ENDPOINTS.sliceRetryBaseMs,
        maxBackoffMs: ENDPOINTS.sliceRetryMaxMs,
      },
      key => this.#sync(key),
    )
    this.#informers.of(EndpointSlices).addIndex(SLICES_BY_SERVICE)
    this.#pods = new ServicePods(options.informers, (key, isPodChange) =>
      this.#pool.queue.addAfter(key, isPodChange ? this.#batchMs : 0),
    )
  }

  start(): void {
    this.#pods.start()
    this.#informers.of(Nodes)
    this.#informers.of(EndpointSlices).addHandler({
      added: slice => this.#sliceSeen(slice, false),
      updated: slice => this.#sliceSeen(slice, false),
      deleted: slice => this.#sliceSeen(slice, true),
    })
    this.#informers.start()
    this.#informers.whenSynced(() => this.#pool.start())
  }

  /** Somebody else's hand on our slices makes us look at all of them again. */
  #sliceSeen(slice: EndpointSlice, isGone: boolean): void {
    const [key] = SLICES_BY_SERVICE.values(slice)
    if (key === undefined) return
    const memory = this.#memories.get(key)
    if (!memory) return
    // Our own writes are seen before their answers: what is seen while writing is judged afterwards.
    const seen = this.#writing.get(key)
    if (seen) seen.push({ slice, isGone })
    else if (!isKnown(memory, slice, isGone)) this.#startOver(key)
  }

  #startOver(key: string): void {
    this.#memories.delete(key)
    this.#pool.queue.add(key)
  }

  #sync(key: string): WorkResult | Routine<WorkResult> {
    const followed = this.#pods.get(key)
    if (!followed) {
      // Gone, or without a selector: the garbage collector sees to its slices.
      this.#memories.delete(key)
      return 'done'
    }
    return this.#reconcile(key, followed)
  }

  *#reconcile(key: string, followed: Followed): Routine<WorkResult> {
    const known = this.#memories.get(key)
    const isWhole = followed.isWhole || known?.uid !== followed.service.metadata.uid
    const foreign: EndpointSlice[] = []
    const memory = known && !isWhole ? known : this.#remember(key, followed.service, foreign)
    this.#memories.set(key, memory)
    const changed = followed.changed
    followed.changed = new Set()
    followed.isWhole = false
    if (isWhole) {
      for (const podKey of this.#pods.allSelected(followed)) changed.add(podKey)
      for (const family of memory.families.values()) {
        for (const podKey of family.placedKeys()) changed.add(podKey)
      }
    }
    const seen: { readonly slice: EndpointSlice; readonly isGone: boolean }[] = []
    this.#writing.set(key, seen)
    const { triggered, homeless } = yield* this.#applyPods(memory, followed, changed)
    const since = isWhole ? earlier(followed.service.metadata.creationTimestamp, triggered) : triggered
    const refusal = yield* this.#write(memory, followed.service, foreign, since)
    this.#writing.delete(key)
    if (!refusal) {
      if (seen.some(({ slice, isGone }) => !isKnown(memory, slice, isGone))) this.#startOver(key)
      for (const podKey of homeless) followed.changed.add(podKey)
      return homeless.length > 0 ? 'retry' : 'done'
    }
    this.#memories.delete(key)
    if (isTerminating(refusal)) return 'done'
    const { namespace, name } = followed.service.metadata
    const message = `Error updating Endpoint Slices for Service ${namespace}/${name}: ${refusal.message}`
    this.#events.event(followed.service, 'Warning', 'FailedToUpdateEndpointSlices', message)
    return 'retry'
  }

  /** Reads what slices there are. Those of another Service of that name, or family, are put into `foreign`. */
  #remember(key: string, service: Service, foreign: EndpointSlice[]): Memory {
    const families = new Map(addressTypesOf(service).map(type => [type as string, new FamilySlices()]))
    const versions = new Map<string, string>()
    const labels = sliceLabels(service)
    for (const slice of this.#informers.of(EndpointSlices).list(SLICES_BY_SERVICE, key)) {
      versions.set(slice.metadata.name, slice.metadata.resourceVersion)
      const family = families.get(slice.addressType)
      const isOwn = slice.metadata.ownerReferences?.some(owner => owner.uid === service.metadata.uid)
      if (family && isOwn) family.adopt(slice)
      else foreign.push(slice)
    }
    for (const family of families.values()) {
      family.markAll(stored => !deepEqual(stored.metadata.labels, labels))
    }
    return { uid: service.metadata.uid, families, versions, service, fixedPorts: undefined }
  }

  /**
   * Brings changed pods into the slices. Gives when the earliest of these changes happened, and the pods whose
   * node is not known yet: they are left out for now, unless everything is to be published.
   */
  *#applyPods(
    memory: Memory,
    followed: Followed,
    changed: ReadonlySet<string>,
  ): Routine<{ triggered: string | undefined; homeless: readonly string[] }> {
    const { service } = followed
    memory.service = service
    const isFixed = hasFixedPorts(service)
    const homeless: string[] = []
    let triggered: string | undefined
    let done = 0
    for (const podKey of changed) {
      if (++done % LIMITS.objectsPerStep === 0) yield* sleep(0)
      const pod = this.#pods.selected(followed, podKey)
      const isIn = pod !== undefined && isInEndpoints(pod)
      const node = isIn ? this.#informers.of(Nodes).get('', pod.spec.nodeName ?? '') : undefined
      const isShown = isIn && (node !== undefined || service.spec.publishNotReadyAddresses === true)
      if (isIn && !isShown) homeless.push(podKey)
      let ports: readonly ResolvedPort[] = []
      if (isShown) {
        if (isFixed) memory.fixedPorts ??= resolvePorts(service, pod)
        ports = memory.fixedPorts ?? resolvePorts(service, pod)
      }
      for (const [type, family] of memory.families) {
        const endpoint = isShown ? endpointOf(pod, node, service, type as 'IPv4' | 'IPv6') : undefined
        if (family.set(podKey, endpoint, ports) && pod) triggered = earlier(triggered, triggerTimeOf(pod))
      }
    }
    return { triggered, homeless }
  }

  /** Writes what changed, one slice after another; gives the first refusal. */
  *#write(
    memory: Memory,
    service: Service,
    foreign: readonly EndpointSlice[],
    since: string | undefined,
  ): Routine<Status | undefined> {
    const mayCreate = service.metadata.deletionTimestamp === undefined
    const remove = [...foreign]
    for (const [addressType, family] of memory.families) {
      const changes = family.settle(mayCreate)
      remove.push(...changes.remove)
      for (const slice of changes.write) {
        slice.isChanged = false
        const result: ApiResult<EndpointSlice> = slice.stored
          ? yield* updateObject(this.#api, EndpointSlices, rewritten(slice, slice.stored, service, since))
          : yield* createObject(this.#api, EndpointSlices, fresh(slice, service, addressType, since))
        if (!result.ok) return result.status
        slice.stored = result.object
        memory.versions.set(result.object.metadata.name, result.object.metadata.resourceVersion)
      }
    }
    for (const slice of remove) {
      const result = yield* deleteObject(this.#api, EndpointSlices, slice)
      if (!result.ok && result.code !== 404) return result.status
      memory.versions.delete(slice.metadata.name)
    }
    return undefined
  }
}

/** Whether the controller wrote that itself, or has read it. */
function isKnown(memory: Memory, slice: EndpointSlice, isGone: boolean): boolean {
  const known = memory.versions.get(slice.metadata.name)
  if (isGone) return known === undefined
  return known !== undefined && Number(known) >= Number(slice.metadata.resourceVersion)
}

function fresh(
  slice: Slice,
  service: Service,
  addressType: string,
  since: string | undefined,
): NewObject<EndpointSlice> {
  return {
    apiVersion: EndpointSlices.apiVersion,
    kind: EndpointSlices.kind,
    metadata: {
      generateName: `${service.metadata.name}-`,
      namespace: service.metadata.namespace,
      labels: sliceLabels(service),
      annotations: since ? { [ENDPOINTS.lastChangeAnnotation]: since } : undefined,
      ownerReferences: [serviceReference(service)],
    },
    addressType,
    endpoints: [...slice.endpoints.values()],
    ports: [...slice.ports],
  }
}

function rewritten(
  slice: Slice,
  stored: EndpointSlice,
  service: Service,
  since: string | undefined,
): EndpointSlice {
  const { [ENDPOINTS.lastChangeAnnotation]: _old, ...annotations } = stored.metadata.annotations ?? {}
  if (since) annotations[ENDPOINTS.lastChangeAnnotation] = since
  return {
    apiVersion: stored.apiVersion,
    kind: stored.kind,
    metadata: {
      ...stored.metadata,
      annotations: Object.keys(annotations).length > 0 ? annotations : undefined,
      labels: sliceLabels(service),
    },
    addressType: stored.addressType,
    endpoints: [...slice.endpoints.values()],
    ports: [...slice.ports],
  }
}

function isTerminating(status: Status): boolean {
  return status.details?.causes?.some(cause => cause.reason === 'NamespaceTerminating') === true
}

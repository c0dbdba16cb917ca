/**
 * Custom resources at run time: definitions get their names, then kinds in the scheme, and are emptied before they
 * go. Mirrors the controllers of apiextensions-apiserver (`naming`, `establish`, `finalizer`) and its handler's
 * storage map. A part of the server: it follows definitions in the server's own cache and writes as the server itself.
 */
import {
  type AnyKind,
  CUSTOM_RESOURCE_CLEANUP,
  type CustomResourceDefinition,
  CustomResourceDefinitions,
  customKinds,
  findCondition,
  isConditionTrue,
  type KubeObject,
  Namespaces,
  type Scheme,
} from '../../api/index.ts'
import {
  type ApiRequest,
  type ApiResult,
  type ApiServerPort,
  NO_OPTIONS,
  requestFor,
  type WatchEvent,
} from '../../client/index.ts'
import { callback, type Label, type Routine, type Scope, sleep } from '../../sim/index.ts'
import type { Cacher } from '../cacher.ts'
import { LOOPBACK_USER } from '../ensure.ts'
import { namedStatus } from './naming.ts'

const RETRY_MS = 100
/** Between two looks whether all objects of a definition are gone. */
const CLEANUP_POLL_MS = 1000

export interface CustomResourcesOptions {
  readonly scheme: Scheme
  readonly cacher: Cacher
  readonly server: ApiServerPort
}

export class CustomResources {
  readonly #scope: Scope
  readonly #options: CustomResourcesOptions
  readonly #label: Label
  readonly #definitions = new Map<string, CustomResourceDefinition>()
  /** The kinds of a definition that are served now. */
  readonly #served = new Map<string, readonly AnyKind[]>()
  /** Definitions that are looked at; true: once more when done. */
  readonly #busy = new Map<string, boolean>()

  constructor(scope: Scope, options: CustomResourcesOptions) {
    this.#scope = scope
    this.#options = options
    this.#label = scope.sim.label('apiserver/custom-resources')
  }

  /** Begins to follow definitions. What a former server put into the scheme is taken over, or goes. */
  start(): void {
    this.#scope.spawn(this.#label, this.#begin())
  }

  *#begin(): Routine<void> {
    const { cacher, scheme } = this.#options
    yield* cacher.reach(0)
    const present = new Set(
      cacher
        .known(CustomResourceDefinitions)
        ?.list('')
        .map(({ object }) => object.metadata.uid),
    )
    for (const kind of [...scheme.kinds]) {
      if (kind.definedBy && !present.has(kind.definedBy.metadata.uid)) scheme.remove(kind)
    }
    this.#watch()
  }

  #watch(): void {
    const { server } = this.#options
    const request: ApiRequest = {
      ...requestFor('watch', CustomResourceDefinitions, '', ''),
      options: FROM_NOW,
    }
    server.watch(LOOPBACK_USER, request, {
      deliver: events => {
        if (this.#scope.isAlive)
          for (const event of events) this.#seen(event as WatchEvent<CustomResourceDefinition>)
      },
      closed: () => {
        if (this.#scope.isAlive) this.#scope.schedule(RETRY_MS, this.#label, () => this.#watch(), undefined)
      },
    })
  }

  #seen({ type, object }: WatchEvent<CustomResourceDefinition>): void {
    const { name } = object.metadata
    if (type === 'BOOKMARK') return
    if (type === 'DELETED') {
      this.#definitions.delete(name)
      this.#serve(name, [])
      // Names have become free.
      for (const other of this.#groupOf(object)) this.#look(other.metadata.name)
      return
    }
    const isKnown = this.#definitions.get(name)?.metadata.resourceVersion === object.metadata.resourceVersion
    if (isKnown) return
    this.#definitions.set(name, object)
    if (isConditionTrue(object, 'Established')) this.#define(object)
    this.#look(name)
  }

  #define(definition: CustomResourceDefinition): void {
    const { scheme } = this.#options
    const { uid, name } = definition.metadata
    const before = scheme.kinds.find(kind => kind.definedBy?.metadata.uid === uid)?.definedBy
    if (before && isSameToServe(before as CustomResourceDefinition, definition) && this.#served.has(name))
      return
    const kinds = customKinds(definition, (apiVersion, plural) => {
      const known = scheme.byResource(apiVersion, plural)
      return known?.definedBy?.metadata.uid === uid ? known : undefined
    })
    this.#serve(name, kinds)
  }

  /** Replaces what a definition serves. Caches and watches of what changed begin anew. */
  #serve(name: string, kinds: readonly AnyKind[]): void {
    const { scheme, cacher } = this.#options
    for (const kind of this.#served.get(name) ?? []) {
      cacher.forget(kind)
      if (!kinds.includes(kind)) scheme.remove(kind)
    }
    for (const kind of kinds) {
      const present = scheme.byResource(kind.apiVersion, kind.plural)
      if (present === kind) continue
      if (present) scheme.remove(present)
      scheme.add(kind)
    }
    if (kinds.length > 0) this.#served.set(name, kinds)
    else this.#served.delete(name)
    this.#scope.sim.markChanged()
  }

  #groupOf({ spec, metadata }: CustomResourceDefinition): CustomResourceDefinition[] {
    return [...this.#definitions.values()].filter(
      other => other.spec.group === spec.group && other.metadata.name !== metadata.name,
    )
  }

  /** Sees to the status of a definition, one at a time. */
  #look(name: string): void {
    if (this.#busy.has(name)) {
      this.#busy.set(name, true)
      return
    }
    this.#busy.set(name, false)
    this.#scope.spawn(this.#label, this.#settle(name), () => {
      const isAgain = this.#busy.get(name)
      this.#busy.delete(name)
      if (isAgain) this.#look(name)
    })
  }

  *#settle(name: string): Routine<void> {
    for (;;) {
      const definition = this.#definitions.get(name)
      if (!definition) return
      if (definition.metadata.deletionTimestamp) {
        if (!definition.metadata.finalizers?.includes(CUSTOM_RESOURCE_CLEANUP)) return
        if (yield* this.#cleanUp(definition)) return
      } else {
        const status = namedStatus(definition, this.#groupOf(definition), this.#scope.sim.timestamp())
        if (status === definition.status) return
        if (yield* this.#write({ ...definition, status } as CustomResourceDefinition, 'status')) return
      }
      yield* sleep(RETRY_MS)
    }
  }

  /** Deletes every object, and lets the definition go once there is none. False: try again. */
  *#cleanUp(definition: CustomResourceDefinition): Routine<boolean> {
    const { cacher } = this.#options
    const [kind] = this.#served.get(definition.metadata.name) ?? []
    if (findCondition(definition, 'Terminating')?.reason === 'InstanceDeletionPending') {
      const status = terminating(definition, 'True', 'InstanceDeletionInProgress', IN_PROGRESS, this.#scope)
      return (yield* this.#write({ ...definition, status }, 'status')) && false
    }
    if (kind) {
      const namespaces = kind.isNamespaced
        ? (cacher
            .known(Namespaces)
            ?.list('')
            .map(({ object }) => object.metadata.name) ?? [])
        : ['']
      for (const namespace of namespaces)
        yield* this.#ask(requestFor('deletecollection', kind, namespace, ''))
      const left = yield* this.#ask(requestFor('list', kind, '', ''))
      const isEmpty = left.ok && (left.object as unknown as { items: readonly unknown[] }).items.length === 0
      if (!isEmpty) {
        yield* sleep(CLEANUP_POLL_MS)
        return false
      }
    }
    const status = terminating(
      definition,
      'False',
      'InstanceDeletionCompleted',
      'removed all instances',
      this.#scope,
    )
    const finalizers = definition.metadata.finalizers?.filter(one => one !== CUSTOM_RESOURCE_CLEANUP)
    const metadata = { ...definition.metadata, finalizers }
    return yield* this.#write({ ...definition, metadata, status } as CustomResourceDefinition, 'status')
  }

  *#write(definition: CustomResourceDefinition, subresource: string): Routine<boolean> {
    const { name } = definition.metadata
    const request = requestFor('update', CustomResourceDefinitions, '', name, {
      subresource,
      body: definition,
    })
    const result = yield* this.#ask(request)
    // A conflict brings a newer version, which is looked at when it comes.
    return result.ok || result.code === 404
  }

  *#ask(request: ApiRequest): Routine<ApiResult<KubeObject>> {
    return (yield* callback<ApiResult<never>>(done =>
      this.#options.server.request(LOOPBACK_USER, request, done),
    )) as ApiResult<KubeObject>
  }
}

const FROM_NOW = Object.freeze({ ...NO_OPTIONS, resourceVersion: '0' })
const IN_PROGRESS = 'CustomResource deletion is in progress'

/** Whether kinds made of both would be the same. */
function isSameToServe(a: CustomResourceDefinition, b: CustomResourceDefinition): boolean {
  return (
    a.metadata.generation === b.metadata.generation &&
    isConditionTrue(a, 'Terminating') === isConditionTrue(b, 'Terminating') &&
    JSON.stringify(a.status.acceptedNames) === JSON.stringify(b.status.acceptedNames)
  )
}

function terminating(
  { status }: CustomResourceDefinition,
  value: 'True' | 'False',
  reason: string,
  message: string,
  scope: Scope,
): CustomResourceDefinition['status'] {
  const old = status.conditions?.find(({ type }) => type === 'Terminating')
  const lastTransitionTime = old?.status === value ? old.lastTransitionTime : scope.sim.timestamp()
  const condition = { type: 'Terminating', status: value, lastTransitionTime, reason, message }
  return { ...status, conditions: [...(status.conditions ?? []).filter(one => one !== old), condition] }
}

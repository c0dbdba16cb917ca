/**
 * Who manages which fields, at the server's side: whether a write is tracked, under which name, and how an applied
 * configuration becomes the object. Mirrors the calls of `scope.FieldManager` in `endpoints/handlers`. Where it
 * differs: in a cluster that nobody looks into from outside, components' own objects are not tracked.
 */
import {
  type AnyKind,
  applyConfiguration,
  conflictMessage,
  type FieldWriter,
  type KubeObject,
  mergeTypeOf,
  type Scheme,
  statuses,
  trackCreate,
  trackUpdate,
} from '../api/index.ts'
import type { UserInfo } from '../client/index.ts'
import { type Call, refuse } from './core.ts'
import type { Conversions } from './customresources/conversions.ts'

/** `requested`: objects that come over a wire; `all`: every component's too. */
export type TrackingMode = 'requested' | 'all'

type Versions = FieldWriter['versions']
type Json = Readonly<Record<string, unknown>>

const LONGEST_MANAGER = 128
const MAIN_RESETS: readonly string[] = Object.freeze(['status'])
const STATUS_RESETS: readonly string[] = Object.freeze(['spec'])
const NO_RESETS: readonly string[] = Object.freeze([])

export class FieldTracking {
  readonly #mode: TrackingMode
  readonly #scheme: Scheme
  readonly #clock: { readonly timestamp: string }
  readonly #conversions: Conversions
  readonly #versions = new Map<AnyKind, Versions>()

  constructor(
    mode: TrackingMode,
    scheme: Scheme,
    clock: { readonly timestamp: string },
    conversions: Conversions,
  ) {
    this.#mode = mode
    this.#scheme = scheme
    this.#clock = clock
    this.#conversions = conversions
  }

  /** A new object, with its defaults and not yet admitted, with what its creator manages. */
  created(call: Call, object: KubeObject): KubeObject {
    if (call.request.options.patchType === 'apply') return object
    if (this.#mode === 'requested' && !call.request.isFromWire) return object
    return withManagedFields(object, trackCreate(this.#writer(call), asServed(call, object)))
  }

  /** An update, not yet admitted, with what everybody manages after it. */
  updated(call: Call, given: KubeObject, old: KubeObject): KubeObject {
    if (old.metadata.managedFields === undefined && given.metadata.managedFields === undefined) return given
    const { options, subresource, isFromWire } = call.request
    if (options.patchType === 'apply') return given
    // A controller's status is its own affair where nobody looks in from outside: the costliest writes go free.
    if (this.#mode === 'requested' && !isFromWire && subresource === 'status') return given
    const next = asServed(call, given)
    return withManagedFields(given, trackUpdate(this.#writer(call), asServed(call, old), next))
  }

  /** The stored form of what the request's configuration makes of `old`. Throws ApiError 400, 409 or 500. */
  applied(call: Call, old: KubeObject | undefined): KubeObject {
    const { options, name, namespace } = call.request
    const served = servedKind(call)
    const configuration = configurationIn(call, served)
    const live = old && asServed(call, old)
    const outcome = applyConfiguration(this.#writer(call), live, configuration, options.force === true)
    if (outcome.ok) {
      const object = outcome.object as unknown as KubeObject
      const whole = { ...object, apiVersion: served.apiVersion, kind: served.kind }
      const stored = call.served?.storedAs ? call.served.storedAs.toStored(whole) : whole
      return withManagedFields({ ...stored, metadata: { ...stored.metadata } }, outcome.managedFields)
    }
    if ('errors' in outcome) {
      const what = `${namespace ? `${namespace}/` : ''}${name}; ${served.apiVersion}, Kind=${served.kind}`
      const list =
        outcome.errors.length === 1
          ? outcome.errors[0]
          : `errors:${outcome.errors.map(error => `\n  ${error}`).join('')}`
      const message = `failed to create typed patch object (${what}): ${list}`
      return refuse({ ...statuses.internalError(''), reason: '', message })
    }
    const { conflicts } = outcome
    return refuse({
      ...statuses.badRequest(conflictMessage(conflicts)),
      reason: 'Conflict',
      details: {
        causes: conflicts.map(({ manager, field }) => ({
          reason: 'FieldManagerConflict',
          message: `conflict with ${manager}`,
          field,
        })),
      },
      code: 409,
    })
  }

  #writer(call: Call): FieldWriter {
    const { kind, subresource } = call.request
    const isStatus = subresource === 'status'
    return {
      manager: managerOf(call),
      apiVersion: servedKind(call).apiVersion,
      subresource,
      versions: this.#versionsOf(kind.storedAs?.kind ?? kind),
      resets: kind.hasStatus
        ? isStatus
          ? (kind.strategy.statusResets ?? STATUS_RESETS)
          : MAIN_RESETS
        : NO_RESETS,
      now: this.#clock.timestamp,
    }
  }

  #versionsOf(stored: AnyKind): Versions {
    let versions = this.#versions.get(stored)
    if (!versions) {
      versions = versionsOf(stored, this.#scheme, this.#conversions)
      this.#versions.set(stored, versions)
    }
    return versions
  }
}

/** The definition that the client asked for; the one that is stored unless it said another version. */
export function servedKind({ served, request }: Call): AnyKind {
  return served ?? request.kind
}

/** A stored object as the client sees it. */
export function asServed({ served }: Call, object: KubeObject): KubeObject {
  return served?.storedAs ? served.storedAs.fromStored(object) : object
}

function versionsOf(stored: AnyKind, scheme: Scheme, conversions: Conversions): Versions {
  const kindAt = (apiVersion: string) =>
    scheme.kinds.find(
      kind => kind.apiVersion === apiVersion && (kind === stored || kind.storedAs?.kind === stored),
    )
  return {
    typeAt(apiVersion) {
      const kind = kindAt(apiVersion)
      return kind && (kind.mergeType ?? mergeTypeOf(kind.apiVersion, kind.kind))
    },
    convert(object, apiVersion) {
      const from = kindAt((object as { apiVersion?: string } | undefined)?.apiVersion ?? '')
      const to = kindAt(apiVersion)
      if (!from || !to || from === to) return object
      if (to.definedBy) return conversions.now(to, object as KubeObject)
      const asStored = from.storedAs ? from.storedAs.toStored(object as KubeObject) : (object as KubeObject)
      return to.storedAs ? to.storedAs.fromStored(asStored) : asStored
    },
  }
}

function withManagedFields(
  object: KubeObject,
  managedFields: KubeObject['metadata']['managedFields'],
): KubeObject {
  if (object.metadata.managedFields === managedFields) return object
  if (managedFields) return { ...object, metadata: { ...object.metadata, managedFields } }
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata }
}

/** The name under which a write's fields are managed: given, else the client program's. */
function managerOf({ request, user }: Call): string {
  const { fieldManager } = request.options
  if (fieldManager) return fieldManager
  const agent = request.userAgent === undefined ? componentOf(user) : (request.userAgent.split('/')[0] ?? '')
  return agent.replace(/[^\p{L}\p{N}\p{P}\p{S}\p{M} ]/gu, '').slice(0, LONGEST_MANAGER) || 'unknown'
}

/** Components inside the cluster have no User-Agent: their user says which program they are. */
function componentOf({ name }: UserInfo): string {
  if (name.startsWith('system:node:')) return 'kubelet'
  if (name.startsWith('system:serviceaccount:kube-system:')) return 'kube-controller-manager'
  if (name === 'system:apiserver') return 'kube-apiserver'
  return name.startsWith('system:') ? name.slice('system:'.length) : 'unknown'
}

/** The configuration that was sent. Throws ApiError 400 for what may not be applied. */
function configurationIn({ request }: Call, served: AnyKind): Json {
  const { body } = request
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return refuse(statuses.badRequest('error decoding YAML: the body is no object'))
  }
  const configuration = body as Json & { metadata?: { managedFields?: unknown } }
  if (configuration.apiVersion !== served.apiVersion) {
    const specified = String(configuration.apiVersion ?? '/')
    const message = `Incorrect version specified in apply patch. Specified patch version: ${specified}, expected: ${served.apiVersion}`
    return refuse(statuses.badRequest(message))
  }
  if (configuration.metadata?.managedFields !== undefined && configuration.metadata.managedFields !== null) {
    return refuse(statuses.badRequest('metadata.managedFields must be nil'))
  }
  return configuration
}

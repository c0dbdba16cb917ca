/**
 * Admission of requests on subresources: what is judged is what the request carries (a Binding, an Eviction, a Scale) or,
 * for changes, the object as it would be. Mirrors the admission steps of `endpoints/handlers` for subresources.
 */
import type { AnyKind, KubeObject } from '../api/index.ts'
import type { Routine } from '../sim/index.ts'
import { type Attributes, isRefusal, type Operation } from './admission/plugin.ts'
import { type Call, type Core, refuse } from './core.ts'

interface Question {
  readonly operation: Operation
  /** As the plugins may change it. */
  readonly object: KubeObject
  readonly old: KubeObject | undefined
  /** What `object` is, where it is not of the resource's own kind. */
  readonly bodyKind?: Attributes['bodyKind']
}

/** Whether anybody wants to be asked: most subresources need no admission, and pay nothing for it. */
export function isAdmitted(core: Core, { request }: Call, operation: Operation): boolean {
  return core.admission.handles(request.kind, operation, request.subresource)
}

/** The object as admission wants it. Throws ApiError to refuse. */
export function* admitted(core: Core, call: Call, question: Question): Routine<KubeObject> {
  const { kind, namespace, name, subresource, options } = call.request
  const { operation, old, bodyKind } = question
  const { user, warnings } = call
  const isDryRun = options.dryRun === true
  const attributes: Attributes = {
    operation,
    kind,
    subresource,
    namespace,
    name,
    user,
    old,
    isDryRun,
    warnings,
    ...(bodyKind && { bodyKind }),
  }
  const { admission } = core
  const verdict = admission.admit(question.object, attributes)
  if (isRefusal(verdict)) return refuse(verdict.refused)
  const isWaiting = admission.waits(attributes)
  const object = isWaiting ? yield* admission.admitWaiting(verdict, attributes, core) : verdict
  const refused = admission.validate(object, attributes)
  if (refused) return refuse(refused.refused)
  if (isWaiting) yield* admission.validateWaiting(object, attributes, core)
  return object
}

/** What a body says it is. */
export function kindOfBody(body: object, otherwise: AnyKind): NonNullable<Attributes['bodyKind']> {
  const { apiVersion, kind } = body as { readonly apiVersion?: unknown; readonly kind?: unknown }
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return otherwise
  const slash = apiVersion.indexOf('/')
  return { group: apiVersion.slice(0, Math.max(slash, 0)), version: apiVersion.slice(slash + 1), kind }
}

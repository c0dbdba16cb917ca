/**
 * Which objects a list or a watch is about: namespace, name, label and field selectors, compiled once a request
 * (and remembered by text: a thousand kubelets ask a thousand times in the same words).
 */
import {
  type AnyKind,
  ApiError,
  type FieldMatcher,
  fieldSelector,
  type KubeObject,
  type LabelMatcher,
  parseLabelSelector,
  SelectorError,
  statuses,
} from '../api/index.ts'
import type { Call } from './core.ts'
import { knownAs } from './customresources/conversions.ts'
import { asServed, servedKind } from './field-tracking.ts'

export interface Selection {
  /** '' for all namespaces. */
  readonly namespace: string
  /** The one object that can match, when a field selector or the request says its name; '' otherwise. */
  readonly name: string
  /** The value of `kind.watchIndex` that a match must have, when the field selector demands one. */
  readonly indexValue: string | undefined
  /** Undefined when namespace and name say it all. */
  readonly matches: ((object: KubeObject) => boolean) | undefined
}

/** Reads a request's selectors. Throws ApiError 400 for one that cannot be understood. */
export function selectionOf(call: Call): Selection {
  const { request } = call
  const { kind, options } = request
  let labels: LabelMatcher | undefined
  let fields: FieldMatcher | undefined
  try {
    if (options.labelSelector) labels = parseLabelSelector(options.labelSelector)
    if (options.fieldSelector)
      fields = servedFields(call, fieldSelector(servedKind(call), options.fieldSelector))
  } catch (error) {
    if (error instanceof SelectorError) throw new ApiError(statuses.badRequest(error.message))
    throw error
  }
  return {
    namespace: request.namespace || (fields?.exact('metadata.namespace') ?? ''),
    name: request.name || (fields?.exact('metadata.name') ?? ''),
    indexValue: kind.watchIndex ? fields?.exact(kind.watchIndex) : undefined,
    matches: predicate(labels, fields),
  }
}

/** Field selectors are about the version that the client speaks. */
function servedFields(call: Call, fields: FieldMatcher): FieldMatcher {
  const { kind } = call.request
  if (!call.served && !kind.conversion) return fields
  const seen = kind.conversion
    ? (object: KubeObject) => knownAs(kind, object)
    : (object: KubeObject) => asServed(call, object)
  return {
    requirements: fields.requirements,
    exact: field => fields.exact(field),
    matches: object => fields.matches(seen(object)),
  }
}

function predicate(
  labels: LabelMatcher | undefined,
  fields: FieldMatcher | undefined,
): ((object: KubeObject) => boolean) | undefined {
  if (labels && fields) {
    return object => labels.matches(object.metadata.labels) && fields.matches(object)
  }
  if (labels) return object => labels.matches(object.metadata.labels)
  return fields && (object => fields.matches(object))
}

/** The value by which `object` is indexed for watches; undefined for kinds without such an index. */
export function indexValueOf(kind: AnyKind, object: KubeObject): string | undefined {
  return kind.watchIndex === undefined ? undefined : kind.selectableFields?.[kind.watchIndex]?.(object)
}

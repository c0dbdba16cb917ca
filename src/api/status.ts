/**
 * How an API server says no: a `metav1.Status`. Expected refusals travel as values; {@link ApiError} wraps one
 * to be thrown under a request and is caught in one place, the apiserver's pipeline.
 */
import type { FieldError } from './field-error.ts'

export type StatusReason =
  | ''
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Gone'
  | 'Invalid'
  | 'ServerTimeout'
  | 'Timeout'
  | 'TooManyRequests'
  | 'BadRequest'
  | 'MethodNotAllowed'
  | 'NotAcceptable'
  | 'RequestEntityTooLarge'
  | 'UnsupportedMediaType'
  | 'InternalError'
  | 'Expired'
  | 'ServiceUnavailable'

export interface StatusCause {
  reason?: string
  message?: string
  field?: string
}

export interface Status {
  kind: 'Status'
  apiVersion: 'v1'
  metadata: Record<string, never>
  status: 'Success' | 'Failure'
  message?: string
  reason?: StatusReason
  details?: {
    name?: string
    group?: string
    kind?: string
    uid?: string
    causes?: StatusCause[]
    retryAfterSeconds?: number
  }
  code?: number
}

/** A {@link Status} on its way up to the pipeline. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: Status

  constructor(status: Status) {
    super(status.message)
    this.status = status
  }
}

/** The part of a kind that a refusal names. */
export interface Resource {
  readonly group: string
  readonly plural: string
  readonly kind: string
}

function failure(code: number, reason: StatusReason, message: string, details?: Status['details']): Status {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details, code }
}

/** `pods`, `deployments.apps`: a resource as messages name it. */
export function qualified(resource: Resource): string {
  return resource.group ? `${resource.plural}.${resource.group}` : resource.plural
}

const detailsOf = (resource: Resource, name: string) => ({
  name,
  ...(resource.group && { group: resource.group }),
  kind: resource.plural,
})

export function notFound(resource: Resource, name: string): Status {
  return failure(404, 'NotFound', `${qualified(resource)} "${name}" not found`, detailsOf(resource, name))
}

export function alreadyExists(resource: Resource, name: string): Status {
  return failure(
    409,
    'AlreadyExists',
    `${qualified(resource)} "${name}" already exists`,
    detailsOf(resource, name),
  )
}

export function conflict(resource: Resource, name: string, why: string = STALE): Status {
  return failure(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`,
    detailsOf(resource, name),
  )
}
const STALE = 'the object has been modified; please apply your changes to the latest version and try again'

export function forbidden(resource: Resource, name: string, why: string): Status {
  const what = name ? `${qualified(resource)} "${name}" is forbidden` : `${qualified(resource)} is forbidden`
  return failure(403, 'Forbidden', `${what}: ${why}`, detailsOf(resource, name))
}

export function badRequest(message: string): Status {
  return failure(400, 'BadRequest', message)
}

export function methodNotAllowed(resource: Resource, verb: string): Status {
  return failure(
    405,
    'MethodNotAllowed',
    `${verb} is not supported on resources of kind "${qualified(resource)}"`,
    {
      ...(resource.group && { group: resource.group }),
      kind: resource.plural,
    },
  )
}

/** 410 for a resourceVersion that is no longer to be had. */
export function expired(message: string): Status {
  return failure(410, 'Expired', message)
}

export function timeout(message: string): Status {
  return failure(504, 'Timeout', message)
}

export function serviceUnavailable(message: string): Status {
  return failure(503, 'ServiceUnavailable', message)
}

export function internalError(message: string): Status {
  return failure(500, 'InternalError', `Internal error occurred: ${message}`)
}

export function tooManyRequests(message: string, retryAfterSeconds: number): Status {
  return failure(429, 'TooManyRequests', message, { retryAfterSeconds })
}

/** 422: every field that is wrong, in Kubernetes' own words. */
export function invalid(resource: Resource, name: string, errors: readonly FieldError[]): Status {
  const texts = errors.map(error => `${error.field}: ${error.message}`)
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`
  const what = resource.group ? `${resource.kind}.${resource.group}` : resource.kind
  return failure(422, 'Invalid', `${what} "${name}" is invalid: ${list}`, {
    name,
    ...(resource.group && { group: resource.group }),
    kind: resource.kind,
    causes: errors.map(error => ({ reason: error.reason, message: error.message, field: error.field })),
  })
}

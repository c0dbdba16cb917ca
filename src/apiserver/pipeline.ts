/**
 * The steps every request takes before its handler, in upstream's order (`DefaultBuildHandlerChain`): who asks,
 * whether there is such a thing to ask for, whether they may. Each is a function from the request to a refusal or
 * nothing. Flow control is accounting only: requests in flight are counted, none is made to wait.
 */
import { type Status, statuses } from '../api/index.ts'
import { type Authorizer, attributesOf, forbiddenStatus } from './authorization/authorizer.ts'
import type { Call } from './core.ts'
import type { Counters } from './counters.ts'

/** What the steps may look at. */
export interface Gate {
  readonly authorizer: Authorizer
  readonly counters: Counters
}

type Step = (call: Call, gate: Gate) => Status | undefined

/** The identity comes with the connection; a connection without one is nobody's. */
const authenticate: Step = ({ user }) => (user.name === '' ? UNAUTHORIZED : undefined)

/** 401 for somebody who is nobody. */
export const UNAUTHORIZED: Status = Object.freeze({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: 'Unauthorized',
  reason: 'Unauthorized',
  code: 401,
})

const authorize: Step = ({ user, request }, { authorizer }) => {
  const why = authorizer.refuse(user, request)
  return why === undefined ? undefined : forbiddenStatus(user, attributesOf(request), why)
}

/** Subresources that the kind does not have, names that are missing. */
const route: Step = ({ request }) => {
  const { kind, subresource, verb, name, namespace } = request
  if (kind.isVirtual && !(kind.verbs ?? CREATE).includes(verb)) return statuses.methodNotAllowed(kind, verb)
  if (subresource !== '') {
    const isThere =
      (subresource === 'status' && kind.hasStatus) ||
      (subresource === 'scale' && kind.scale !== undefined) ||
      kind.actions?.[subresource] !== undefined
    if (!isThere) return NO_SUCH_RESOURCE
  }
  if (kind.isNamespaced && namespace === '' && verb !== 'list' && verb !== 'watch') {
    return verb === 'create'
      ? statuses.badRequest('an empty namespace may not be set during creation')
      : statuses.badRequest('namespace is required')
  }
  if (name === '' && NAMED.has(verb)) return statuses.badRequest('name must be provided')
  return undefined
}

const CREATE: readonly string[] = Object.freeze(['create'])
const NAMED: ReadonlySet<string> = new Set(['get', 'update', 'patch', 'delete'])

/** 404 for a path that leads nowhere. */
export const NO_SUCH_RESOURCE: Status = Object.freeze({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: 'the server could not find the requested resource',
  reason: 'NotFound',
  details: {},
  code: 404,
})

/** Why a request gets no further than the steps before its handler; undefined when it does. */
export function refuseAtGate(call: Call, gate: Gate): Status | undefined {
  return authenticate(call, gate) ?? authorize(call, gate) ?? route(call, gate)
}

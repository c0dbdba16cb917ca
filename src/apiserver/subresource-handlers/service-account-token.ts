/** `POST serviceaccounts/NAME/token`: a TokenRequest, answered with a token. Mirrors `TokenREST` of pkg/registry. */
import {
  type FieldError,
  field,
  Nodes,
  newUid,
  type Pod,
  Pods,
  Secrets,
  ServiceAccounts,
} from '../../api/index.ts'
import type { ApiResult } from '../../client/index.ts'
import { formatTime, type Routine } from '../../sim/index.ts'
import {
  type Bound,
  boundToPod,
  referenceTo,
  serviceAccountClaims,
} from '../authentication/service-account-claims.ts'
import { answer, type Call, type Core, refusal, refuse, statuses } from '../core.ts'
import type { WatchCache } from '../watch-cache.ts'
import type { SubresourceHandler } from './handler.ts'

export const SERVICE_ACCOUNT_TOKEN: SubresourceHandler = {
  kind: ServiceAccounts,
  subresource: 'token',
  handle: issueToken,
}

interface TokenRequest {
  readonly metadata?: object
  readonly spec?: {
    readonly audiences?: readonly string[]
    readonly expirationSeconds?: number
    readonly boundObjectRef?: { readonly kind?: string; readonly name?: string; readonly uid?: string }
  }
}

const KIND = { group: 'authentication.k8s.io', plural: 'tokenrequests', kind: 'TokenRequest' }
const DEFAULT_SECONDS = 3600
const SHORTEST_SECONDS = 600
const LONGEST_SECONDS = 2 ** 32
function* issueToken(core: Core, call: Call, cache: WatchCache): Routine<ApiResult> {
  const { namespace, name, body } = call.request
  const { spec = {}, metadata = {} } = (body ?? {}) as TokenRequest
  const seconds = spec.expirationSeconds ?? DEFAULT_SECONDS
  const errors = validateSeconds(seconds)
  if (errors.length > 0) refuse(statuses.invalid(KIND, '', errors))
  if (core.cacher.isBehind) yield* core.cacher.reach(core.store.revision)
  const account = cache.get(namespace, name)?.object
  if (!account) return refusal(statuses.notFound(ServiceAccounts, name))
  const { authenticator } = core.access
  const audiences = spec.audiences?.length ? spec.audiences : authenticator.apiAudiences
  const bound = spec.boundObjectRef ? boundTo(core, namespace, name, spec.boundObjectRef) : {}
  const issuedMs = core.context.nowMs
  const claims = serviceAccountClaims({
    account,
    bound,
    audiences,
    apiAudiences: authenticator.apiAudiences,
    seconds,
    issuedMs,
    id: newUid(core.scope.sim.random('apiserver/tokens')),
  })
  const expirationTimestamp = formatTime((Math.floor(issuedMs / 1000) + seconds) * 1000)
  return answer(call, 201, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    metadata: { ...metadata, name, namespace, creationTimestamp: core.context.timestamp },
    spec: {
      audiences,
      expirationSeconds: seconds,
      ...(spec.boundObjectRef && { boundObjectRef: spec.boundObjectRef }),
    },
    status: { token: authenticator.issue(claims), expirationTimestamp },
  })
}

function validateSeconds(seconds: number): FieldError[] {
  const path = 'spec.expirationSeconds'
  if (seconds < SHORTEST_SECONDS)
    return [field.invalidValue(path, seconds, 'may not specify a duration less than 10 minutes')]
  if (seconds > LONGEST_SECONDS)
    return [field.invalidValue(path, seconds, 'may not specify a duration larger than 2^32 seconds')]
  return []
}

/** The claims that bind a token to an object. Throws ApiError for one that is not there or not the account's. */
function boundTo(
  core: Core,
  namespace: string,
  accountName: string,
  { kind = '', name = '', uid }: NonNullable<NonNullable<TokenRequest['spec']>['boundObjectRef']>,
): Bound {
  const kinds = { Pod: Pods, Secret: Secrets, Node: Nodes } as const
  if (kind !== 'Pod' && kind !== 'Secret' && kind !== 'Node') {
    return refuse(statuses.badRequest(`cannot bind token to object of type ${kind}`))
  }
  const definition = kinds[kind]
  const home = kind === 'Node' ? '' : namespace
  const object = core.cacher.known(definition)?.get(home, name)?.object
  if (!object) return refuse(statuses.notFound(definition, name))
  if (uid && uid !== object.metadata.uid) {
    const why = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`
    return refuse(statuses.conflict(definition, name, why))
  }
  if (kind === 'Node') return { node: referenceTo(object) }
  if (kind === 'Secret') return { secret: referenceTo(object) }
  const pod = object as Pod
  if (pod.spec.serviceAccountName !== accountName) {
    const why = `cannot bind token for serviceaccount ${JSON.stringify(accountName)} to pod running with different serviceaccount name.`
    return refuse(statuses.badRequest(why))
  }
  return boundToPod(pod, core.cacher.known(Nodes)?.get('', pod.spec.nodeName ?? '')?.object)
}

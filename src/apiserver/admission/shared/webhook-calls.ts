/**
 * Asking one webhook: whether it is concerned, the AdmissionReview there and back. Mirrors
 * `k8s.io/apiserver/pkg/admission/plugin/webhook` (generic, request, errors).
 */
import {
  ApiError,
  CelError,
  celValue,
  compileCel,
  type KubeObject,
  newUid,
  type Status,
  statuses,
} from '../../../api/index.ts'
import { callback, type Routine } from '../../../sim/index.ts'
import type { Core } from '../../core.ts'
import { addressOf, missingService, type WebhookAnswer, type WebhookTarget } from '../../webhook-port.ts'
import type { AdmissionView, Attributes } from '../plugin.ts'
import { type MatchResources, matches, type Rule, requestOf } from './matching.ts'

/** What mutating and validating webhooks have in common. */
export interface Webhook {
  readonly name: string
  readonly clientConfig: WebhookTarget
  readonly rules?: readonly Rule[]
  readonly failurePolicy?: string
  readonly matchPolicy?: string
  readonly matchConditions?: readonly { readonly expression: string }[]
  readonly namespaceSelector?: MatchResources['namespaceSelector']
  readonly objectSelector?: MatchResources['objectSelector']
  readonly sideEffects?: string
  readonly timeoutSeconds?: number
}

/** The answer of a webhook that allowed the request. */
export interface Allowed {
  /** A JSONPatch in base64. */
  readonly patch?: string
}

interface Review {
  readonly response?: {
    readonly uid?: string
    readonly allowed?: boolean
    readonly status?: Partial<Status>
    readonly warnings?: readonly string[]
    readonly patch?: string
    readonly patchType?: string
  }
}

const STANDARD_TIMEOUT_SECONDS = 10

/** Whether the webhook is to be asked about the request. Throws ApiError when its conditions cannot be told. */
export function isConcerned(
  webhook: Webhook,
  object: KubeObject | undefined,
  attributes: Attributes,
  view: AdmissionView,
): boolean {
  const { rules, matchPolicy, namespaceSelector, objectSelector, matchConditions = [] } = webhook
  if (!rules?.length) return false
  const constraints = { resourceRules: rules, matchPolicy, namespaceSelector, objectSelector }
  if (!matches(constraints, object, attributes, view)) return false
  if (matchConditions.length === 0) return true
  const variables = {
    object: object ? celValue(object) : null,
    oldObject: attributes.old ? celValue(attributes.old) : null,
    request: celValue(requestOf(attributes)),
  }
  try {
    return matchConditions.every(({ expression }) => compileCel(expression).evaluate(variables) === true)
  } catch (error) {
    if (!(error instanceof CelError)) throw error
    if (webhook.failurePolicy === 'Ignore') return false
    throw new ApiError(statuses.forbidden(attributes.kind, attributes.name, error.message))
  }
}

/** Asks; undefined when there was no answer and that is to be ignored. Throws ApiError when refused. */
export function* ask(
  webhook: Webhook,
  object: KubeObject | undefined,
  attributes: Attributes,
  core: Core,
): Routine<Allowed | undefined> {
  const { name, clientConfig, sideEffects } = webhook
  if (attributes.isDryRun && sideEffects !== 'None' && sideEffects !== 'NoneOnDryRun') {
    throw new ApiError(
      statuses.badRequest(`admission webhook ${JSON.stringify(name)} does not support dry run`),
    )
  }
  const timeoutSeconds = webhook.timeoutSeconds ?? STANDARD_TIMEOUT_SECONDS
  const uid = newUid(core.uids)
  const review = reviewOf(uid, object, attributes)
  const missing = missingService(clientConfig, core.cacher)
  const answer: WebhookAnswer = missing
    ? { ok: false, message: missing }
    : yield* callback<WebhookAnswer>(done =>
        core.webhooks.call(clientConfig, review, timeoutSeconds * 1000, done),
      )
  const response = answer.ok ? (answer.body as Review | undefined)?.response : undefined
  if (!response || response.uid !== uid) {
    if (webhook.failurePolicy === 'Ignore') return undefined
    throw new ApiError(callFailed(webhook, answer, uid, response?.uid, timeoutSeconds))
  }
  for (const warning of response.warnings ?? []) attributes.warnings.push(warning)
  if (!response.allowed) throw new ApiError(denial(name, response.status))
  return response.patch ? { patch: response.patch } : {}
}

function callFailed(
  { name, clientConfig }: Webhook,
  answer: WebhookAnswer,
  wanted: string,
  got: string | undefined,
  timeoutSeconds: number,
): Status {
  const head = `failed calling webhook ${JSON.stringify(name)}`
  const why = answer.ok
    ? got === undefined
      ? 'received invalid webhook response: webhook response was absent'
      : `received invalid webhook response: expected response.uid=${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`
    : `failed to call webhook: Post ${JSON.stringify(addressOf(clientConfig, timeoutSeconds))}: ${answer.message}`
  return statuses.internalError(`${head}: ${why}`)
}

function denial(name: string, result: Partial<Status> | undefined): Status {
  const denied = `admission webhook ${JSON.stringify(name)} denied the request`
  const why = result?.message || result?.reason
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    ...result,
    status: 'Failure',
    message: why ? `${denied}: ${why}` : `${denied} without explanation`,
    code: Math.max(result?.code ?? 0, 400),
  }
}

function reviewOf(uid: string, object: KubeObject | undefined, attributes: Attributes) {
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid,
      ...requestOf(attributes),
      object: object ?? null,
      oldObject: attributes.old ?? null,
      options: null,
    },
  }
}

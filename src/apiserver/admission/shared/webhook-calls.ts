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
import {
  addressOf,
  failureOf,
  missingService,
  type WebhookAnswer,
  type WebhookTarget,
} from '../../webhook-port.ts'
import type { AdmissionView, Attributes } from '../plugin.ts'
import { authorizerOf, type MatchResources, matches, type Rule, requestOf } from './matching.ts'
import { misfitIn, type Review } from './review-answer.ts'

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
  readonly admissionReviewVersions?: readonly string[]
}

/** The answer of a webhook that allowed the request. */
export interface Allowed {
  /** A JSONPatch in base64. */
  readonly patch?: string
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
    authorizer: authorizerOf(attributes, view),
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
  isMutating: boolean,
): Routine<Allowed | undefined> {
  const { name, clientConfig, sideEffects } = webhook
  if (attributes.isDryRun && sideEffects !== 'None' && sideEffects !== 'NoneOnDryRun') {
    throw new ApiError(
      statuses.badRequest(`admission webhook ${JSON.stringify(name)} does not support dry run`),
    )
  }
  const timeoutSeconds = webhook.timeoutSeconds ?? STANDARD_TIMEOUT_SECONDS
  const uid = newUid(core.uids)
  const version = versionFor(webhook)
  const review = reviewOf(uid, version, object, attributes)
  const missing = missingService(clientConfig, core.cacher)
  const answer: WebhookAnswer = missing
    ? { ok: false, message: missing }
    : yield* callback<WebhookAnswer>(done =>
        core.webhooks.call(clientConfig, review, timeoutSeconds * 1000, done),
      )
  const why = whyUnusable(answer, uid, version, isMutating, addressOf(clientConfig, timeoutSeconds))
  if (why) {
    if (webhook.failurePolicy === 'Ignore') return undefined
    throw new ApiError(statuses.internalError(`failed calling webhook ${JSON.stringify(name)}: ${why}`))
  }
  const { response = {} } = (answer as { readonly body: Review }).body
  for (const warning of response.warnings ?? []) attributes.warnings.push(warning)
  if (!response.allowed) throw new ApiError(denial(name, response.status))
  return response.patch ? { patch: response.patch } : {}
}

/** The first of the versions the webhook knows that we know too. */
function versionFor({ admissionReviewVersions: known = [] }: Webhook): string {
  return `admission.k8s.io/${known.find(version => version === 'v1' || version === 'v1beta1') ?? 'v1'}`
}

/** Why an answer is none, in upstream's words; undefined for a good one. */
function whyUnusable(
  answer: WebhookAnswer,
  uid: string,
  version: string,
  isMutating: boolean,
  address: string,
): string | undefined {
  if (!answer.ok) return `failed to call webhook: Post ${JSON.stringify(address)}: ${answer.message}`
  const failure = failureOf(answer.code ?? 200)
  if (failure) return `failed to call webhook: ${failure}`
  if (typeof answer.body !== 'object' || answer.body === null) {
    return "failed to call webhook: couldn't get version/kind; json parse error: invalid character in the answer"
  }
  const misfit = misfitIn(answer.body)
  if (misfit) return `failed to call webhook: ${misfit}`
  const { apiVersion = '', kind = '', response } = answer.body as Review
  const wrong = (why: string) => `received invalid webhook response: ${why}`
  if (!response) return wrong('webhook response was absent')
  const isBeta = version.endsWith('v1beta1')
  if (!isBeta && response.uid !== uid) {
    return wrong(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? '')}`)
  }
  if (!isBeta && (apiVersion !== version || kind !== 'AdmissionReview')) {
    const got = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`
    return wrong(`expected webhook response of ${version}, Kind=AdmissionReview, got ${got}, Kind=${kind}`)
  }
  const { patch = '', patchType } = response
  if (!isMutating) {
    if (patch) return wrong('validating webhook may not return response.patch')
    return patchType === undefined ? undefined : wrong('validating webhook may not return response.patchType')
  }
  if (patch && patchType === undefined) {
    return isBeta ? undefined : wrong('webhook returned response.patch but not response.patchType')
  }
  if (!patch && patchType !== undefined) {
    return isBeta ? undefined : wrong('webhook returned response.patchType but not response.patch')
  }
  if (patchType === '') return wrong('webhook returned invalid response.patchType of ""')
  if (patch && patchType !== 'JSONPatch') return `unsupported patch type ${JSON.stringify(patchType)}`
  return undefined
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
    code: result?.code && result.code >= 400 && result.code <= 999 ? result.code : 400,
  }
}

const OPTIONS = {
  CREATE: 'CreateOptions',
  UPDATE: 'UpdateOptions',
  DELETE: 'DeleteOptions',
  CONNECT: undefined,
} as const

function reviewOf(uid: string, apiVersion: string, object: KubeObject | undefined, attributes: Attributes) {
  const kind = OPTIONS[attributes.operation]
  return {
    apiVersion,
    kind: 'AdmissionReview',
    request: {
      uid,
      ...requestOf(attributes),
      object: object ?? null,
      oldObject: attributes.old ?? null,
      options: kind
        ? { kind, apiVersion: 'meta.k8s.io/v1', ...(attributes.isDryRun && { dryRun: ['All'] }) }
        : null,
    },
  }
}

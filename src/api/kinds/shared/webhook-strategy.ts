/** What mutating and validating webhooks have in common, which is nearly all. Mirrors pkg/apis/admissionregistration. */
import { semanticEqual } from '../../deep-equal.ts'
import type { Strategy } from '../../define-kind.ts'
import { duplicate, type FieldError, invalidValue, notSupported, required } from '../../field-error.ts'
import type { KubeObject } from '../../object.ts'
import { isDns1035Label, isDns1123Subdomain, validateLabelSelector } from '../../validation/index.ts'
import type { MutatingWebhook } from '../mutatingwebhookconfigurations/types.ts'
import { validateMatchConditions, validateRule } from './admission-rule-rules.ts'
import { changeField, fill, mapKept } from './fill.ts'
import { counted, countedUp } from './generation.ts'
import { checkMetadata, checkMetadataUpdate } from './metadata.ts'
import { validateWebhookService, validateWebhookUrl } from './webhook-client-rules.ts'

interface WebhookConfiguration extends KubeObject {
  readonly webhooks?: readonly Webhook[]
}

/** A webhook of either sort: only mutating ones can be invoked again. */
type Webhook = Omit<MutatingWebhook, 'reinvocationPolicy'> & { readonly reinvocationPolicy?: string }

const DEFAULTS = Object.freeze({
  failurePolicy: 'Fail',
  matchPolicy: 'Equivalent',
  namespaceSelector: Object.freeze({}),
  objectSelector: Object.freeze({}),
  timeoutSeconds: 10,
})
const REVIEW_VERSIONS = ['v1', 'v1beta1']
const LONGEST_TIMEOUT_SECONDS = 30

export function webhookStrategy<T extends WebhookConfiguration>(): Strategy<T> {
  return {
    defaults: configuration =>
      changeField(configuration, 'webhooks', webhooks => {
        const isMutating = configuration.kind === 'MutatingWebhookConfiguration'
        return mapKept(webhooks, webhook => defaultWebhook(webhook, isMutating)) as unknown as T['webhooks']
      }),
    prepareForCreate: counted,
    prepareForUpdate: (next, old) =>
      next.webhooks === old.webhooks || semanticEqual(next.webhooks, old.webhooks)
        ? next
        : countedUp(next, old),
    validate: configuration => [
      ...checkMetadata(configuration, isDns1123Subdomain, false),
      ...validateWebhooks(configuration.webhooks ?? []),
    ],
    validateUpdate(next, old) {
      const errors = checkMetadataUpdate(next, old)
      return next.webhooks === old.webhooks ? errors : [...errors, ...validateWebhooks(next.webhooks ?? [])]
    },
  }
}

function defaultWebhook(webhook: Webhook, isMutating: boolean): Webhook {
  let complete = fill(webhook, isMutating ? { ...DEFAULTS, reinvocationPolicy: 'Never' } : DEFAULTS)
  complete = changeField(complete, 'rules', rules => mapKept(rules, rule => fill(rule, { scope: '*' })))
  return changeField(complete, 'clientConfig', config =>
    changeField(config, 'service', service => fill(service, { port: 443 })),
  )
}

function validateWebhooks(webhooks: readonly Webhook[]): FieldError[] {
  const errors: FieldError[] = []
  const names = new Set<string>()
  webhooks.forEach((webhook, i) => {
    const path = `webhooks[${i}]`
    errors.push(...validateWebhook(webhook, path))
    const versionsPath = `${path}.admissionReviewVersions`
    errors.push(...validateReviewVersions(webhook.admissionReviewVersions ?? [], versionsPath))
    if (webhook.name && names.has(webhook.name)) errors.push(duplicate(`${path}.name`, webhook.name))
    names.add(webhook.name)
  })
  return errors
}

function validateWebhook(webhook: Webhook, path: string): FieldError[] {
  const errors = validateQualifiedName(webhook.name, `${path}.name`)
  webhook.rules?.forEach((rule, i) => {
    errors.push(...validateRule(rule, `${path}.rules[${i}]`))
  })
  errors.push(...validateChoices(webhook, path))
  const { timeoutSeconds: timeout } = webhook
  if (timeout !== undefined && (timeout < 1 || timeout > LONGEST_TIMEOUT_SECONDS)) {
    const detail = `the timeout value must be between 1 and ${LONGEST_TIMEOUT_SECONDS} seconds`
    errors.push(invalidValue(`${path}.timeoutSeconds`, timeout, detail))
  }
  errors.push(...validateLabelSelector(webhook.namespaceSelector, `${path}.namespaceSelector`))
  errors.push(...validateLabelSelector(webhook.objectSelector, `${path}.objectSelector`))
  const { url, service } = webhook.clientConfig ?? {}
  const configPath = `${path}.clientConfig`
  if ((url === undefined) === (service === undefined)) {
    errors.push(required(configPath, 'exactly one of url or service is required'))
  } else if (url !== undefined) errors.push(...validateWebhookUrl(url, `${configPath}.url`))
  else if (service) errors.push(...validateWebhookService(service, `${configPath}.service`))
  return [...errors, ...validateMatchConditions(webhook.matchConditions, `${path}.matchConditions`)]
}

/** Fields that are one of a few words. */
function validateChoices(webhook: Webhook, path: string): FieldError[] {
  const errors: FieldError[] = []
  const check = (field: keyof Webhook & string, supported: readonly string[]) => {
    const value = webhook[field] as string | undefined
    if (value !== undefined && !supported.includes(value)) {
      errors.push(notSupported(`${path}.${field}`, value, supported))
    }
  }
  check('failurePolicy', ['Fail', 'Ignore'])
  check('matchPolicy', ['Equivalent', 'Exact'])
  if (webhook.sideEffects === undefined) {
    errors.push(required(`${path}.sideEffects`, 'must specify one of None, NoneOnDryRun'))
  }
  check('sideEffects', ['None', 'NoneOnDryRun'])
  check('reinvocationPolicy', ['IfNeeded', 'Never'])
  return errors
}

/** Names of webhooks are domains, so that nobody else has them. */
function validateQualifiedName(name: string | undefined, path: string): FieldError[] {
  if (!name) return [required(path)]
  const complaints = isDns1123Subdomain(name)
  if (complaints.length === 0 && name.split('.').length < 3) {
    complaints.push('should be a domain with at least three segments separated by dots')
  }
  return complaints.map(text => invalidValue(path, name, text))
}

function validateReviewVersions(versions: readonly string[], path: string): FieldError[] {
  const known = REVIEW_VERSIONS.join(', ')
  if (versions.length === 0) return [required(path, `must specify one of ${known}`)]
  const errors: FieldError[] = []
  versions.forEach((version, i) => {
    const complaints = versions.indexOf(version) < i ? ['duplicate version'] : isDns1035Label(version)
    errors.push(...complaints.map(text => invalidValue(`${path}[${i}]`, version, text)))
  })
  if (!versions.some(version => REVIEW_VERSIONS.includes(version))) {
    errors.push(invalidValue(path, versions, `must include at least one of ${known}`))
  }
  return errors
}

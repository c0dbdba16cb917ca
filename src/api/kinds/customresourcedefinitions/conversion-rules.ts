/** How objects of several versions are converted. Mirrors `validateCustomResourceConversion`. */
import type { CustomResourceConversion } from 'kubernetes-types/apiextensions/v1.js'
import { type FieldError, fieldForbidden, invalidValue, required } from '../../field-error.ts'
import { isDns1035Label } from '../../validation/index.ts'
import { checkOneOf } from '../shared/rules.ts'
import { validateWebhookService, validateWebhookUrl } from '../shared/webhook-client-rules.ts'

const KNOWN_REVIEWS = ['v1', 'v1beta1']

export function validateConversion(
  conversion: CustomResourceConversion | undefined,
  path: string,
): FieldError[] {
  if (!conversion) return []
  const errors = checkOneOf(conversion.strategy, `${path}.strategy`, ['None', 'Webhook'])
  const { clientConfig, conversionReviewVersions = [] } = conversion.webhook ?? {}
  const configPath = `${path}.webhookClientConfig`
  if (conversion.strategy !== 'Webhook') {
    const detail = 'should not be set when strategy is not set to Webhook'
    if (clientConfig) errors.push(fieldForbidden(configPath, detail))
    if (conversionReviewVersions.length > 0) {
      errors.push(fieldForbidden(`${path}.conversionReviewVersions`, detail))
    }
    return errors
  }
  if (!clientConfig) errors.push(required(configPath, 'required when strategy is set to Webhook'))
  else if ((clientConfig.url === undefined) === (clientConfig.service === undefined)) {
    errors.push(required(configPath, 'exactly one of url or service is required'))
  } else if (clientConfig.url !== undefined) {
    errors.push(...validateWebhookUrl(clientConfig.url, `${configPath}.url`))
  } else errors.push(...validateWebhookService(clientConfig.service!, `${configPath}.service`))
  errors.push(...validateReviewVersions(conversionReviewVersions, `${path}.conversionReviewVersions`))
  return errors
}

function validateReviewVersions(versions: readonly string[], path: string): FieldError[] {
  if (versions.length === 0) return [required(path)]
  const errors: FieldError[] = []
  versions.forEach((version, i) => {
    if (versions.indexOf(version) < i)
      errors.push(invalidValue(`${path}[${i}]`, version, 'duplicate version'))
    else for (const text of isDns1035Label(version)) errors.push(invalidValue(`${path}[${i}]`, version, text))
  })
  if (!versions.some(version => KNOWN_REVIEWS.includes(version))) {
    errors.push(invalidValue(path, versions, `must include at least one of ${KNOWN_REVIEWS.join(', ')}`))
  }
  return errors
}

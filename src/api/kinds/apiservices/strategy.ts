/** How APIServices are created and changed. Mirrors kube-aggregator's pkg/registry/apiservice and its validation. */
import type { Strategy } from '../../define-kind.ts'
import { type FieldError, invalidValue, notSupported, required } from '../../field-error.ts'
import { isDns1035Label, isDns1123Subdomain, isPathSegment, isPortNumber } from '../../validation/index.ts'
import { changeField, fill } from '../shared/fill.ts'
import { uncounted } from '../shared/generation.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkText } from '../shared/rules.ts'
import type { APIService, APIServiceSpec } from './types.ts'

const GROUP_PRIORITY_MAXIMUM = 20_000
const VERSION_PRIORITY_MAXIMUM = 1000
const STATUSES = ['True', 'False', 'Unknown']

export const apiServiceStrategy: Strategy<APIService> = {
  defaults: service =>
    changeField(service, 'spec', spec =>
      changeField(spec, 'service', reference => fill(reference, { port: 443 })),
    ),
  prepareForCreate: (service, { timestamp }) =>
    uncounted({ ...service, status: service.spec?.service ? {} : localStatus(timestamp) }),
  validate: service => [
    ...checkMetadata(service, nameRule(service.spec ?? {}), false),
    ...validateSpec(service.spec ?? {}),
  ],
  validateUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    return next.spec === old.spec ? errors : [...errors, ...validateSpec(next.spec)]
  },
  validateStatusUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    next.status.conditions?.forEach(({ status }, i) => {
      if (STATUSES.includes(status)) return
      errors.push(notSupported(`status.conditions[${i}].status`, status, STATUSES))
    })
    return errors
  },
}

/** What this server answers for itself is always there. */
function localStatus(timestamp: string): APIService['status'] {
  return {
    conditions: [
      {
        type: 'Available',
        status: 'True',
        lastTransitionTime: timestamp,
        reason: 'Local',
        message: 'Local APIServices are always available',
      },
    ],
  }
}

function nameRule({ group = '', version = '' }: Partial<APIServiceSpec>) {
  const expected = `${version}.${group}`
  return (name: string) => {
    const complaints = isPathSegment(name)
    if (complaints.length > 0 || name === expected) return complaints
    return [`must be \`spec.version+"."+spec.group\`: ${JSON.stringify(expected)}`]
  }
}

function validateSpec(spec: Partial<APIServiceSpec>): FieldError[] {
  const { group = '', version = '', service, caBundle } = spec
  const errors: FieldError[] = []
  if (group === '' && version !== 'v1') {
    const detail = 'only v1 may have an empty group and it better be legacy kube'
    errors.push(required('spec.group', detail))
  }
  if (group !== '') errors.push(...checkText(group, 'spec.group', isDns1123Subdomain))
  errors.push(...checkText(version, 'spec.version', isDns1035Label))
  errors.push(...validatePriority(spec, 'groupPriorityMinimum', GROUP_PRIORITY_MAXIMUM))
  errors.push(...validatePriority(spec, 'versionPriority', VERSION_PRIORITY_MAXIMUM))
  const insecurePath = 'spec.insecureSkipTLSVerify'
  if (!service) {
    if (caBundle) {
      const bytes = Math.floor((caBundle.replace(/=+$/, '').length * 3) / 4)
      const detail = 'local APIServices may not have a caBundle'
      errors.push(invalidValue('spec.caBundle', `${bytes} bytes`, detail))
    }
    if (spec.insecureSkipTLSVerify) {
      const detail = 'local APIServices may not have insecureSkipTLSVerify'
      errors.push(invalidValue(insecurePath, true, detail))
    }
    return errors
  }
  if (!service.namespace) errors.push(required('spec.service.namespace'))
  if (!service.name) errors.push(required('spec.service.name'))
  const { port = 0 } = service
  const complaints = isPortNumber(port)
  if (complaints.length > 0) {
    errors.push(invalidValue('spec.service.port', port, `port is not valid: ${complaints.join(', ')}`))
  }
  if (spec.insecureSkipTLSVerify && caBundle) {
    errors.push(invalidValue(insecurePath, true, 'may not be true if caBundle is present'))
  }
  return errors
}

function validatePriority(
  spec: Partial<APIServiceSpec>,
  field: 'groupPriorityMinimum' | 'versionPriority',
  maximum: number,
): FieldError[] {
  const value = spec[field] ?? 0
  if (value > 0 && value <= maximum) return []
  return [invalidValue(`spec.${field}`, value, `must be positive and less than ${maximum}`)]
}

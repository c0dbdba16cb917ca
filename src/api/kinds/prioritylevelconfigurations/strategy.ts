/** How PriorityLevelConfigurations are created and changed. Mirrors pkg/apis/flowcontrol (defaults and validation). */
import type {
  LimitedPriorityLevelConfiguration,
  PriorityLevelConfigurationSpec,
  QueuingConfiguration,
} from 'kubernetes-types/flowcontrol/v1.js'
import type { Strategy } from '../../define-kind.ts'
import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../../field-error.ts'
import { isDns1123Subdomain } from '../../validation/index.ts'
import { changeField, fill } from '../shared/fill.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import type { PriorityLevelConfiguration } from './types.ts'

const TYPES = ['Exempt', 'Limited']
const RESPONSES = ['Queue', 'Reject']
const QUEUES_MAXIMUM = 10_000_000

export const priorityLevelConfigurationStrategy: Strategy<PriorityLevelConfiguration> = {
  defaults: level => changeField(level, 'spec', defaultSpec),
  prepareForCreate: level => ({ ...level, status: {} }),
  validate: level => [...checkMetadata(level, isDns1123Subdomain, false), ...validateSpec(level.spec ?? {})],
  validateUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    return next.spec === old.spec ? errors : [...errors, ...validateSpec(next.spec)]
  },
  validateStatusUpdate: checkMetadataUpdate,
}

function defaultSpec(spec: PriorityLevelConfigurationSpec): PriorityLevelConfigurationSpec {
  const isBare = spec.type === 'Exempt' && !spec.exempt
  const complete = changeField(isBare ? { ...spec, exempt: {} } : spec, 'exempt', exempt =>
    fill(exempt, { nominalConcurrencyShares: 0, lendablePercent: 0 }),
  )
  return changeField(complete, 'limited', limited => {
    const shares = fill(limited, { nominalConcurrencyShares: 30, lendablePercent: 0 })
    return changeField(shares, 'limitResponse', response =>
      changeField(response, 'queuing', queuing => {
        return fill(queuing, { handSize: 8, queues: 64, queueLengthLimit: 50 })
      }),
    )
  })
}

function validateSpec({ type, limited, exempt }: Partial<PriorityLevelConfigurationSpec>): FieldError[] {
  if (!type || !TYPES.includes(type)) return [notSupported('spec.type', type ?? '', TYPES)]
  const errors: FieldError[] = []
  if (type === 'Exempt') {
    if (limited) errors.push(fieldForbidden('spec.limited', 'must be nil if the type is not Limited'))
    return errors
  }
  if (exempt) errors.push(fieldForbidden('spec.exempt', 'must be nil if the type is Limited'))
  if (!limited) return [...errors, required('spec.limited', 'must not be empty when type is Limited')]
  return [...errors, ...validateLimited(limited, 'spec.limited')]
}

function validateLimited(limited: LimitedPriorityLevelConfiguration, path: string): FieldError[] {
  const errors: FieldError[] = []
  const { nominalConcurrencyShares: shares = 0, lendablePercent: lendable = 0, limitResponse } = limited
  if (shares < 0) {
    const detail = 'must be a non-negative integer'
    errors.push(invalidValue(`${path}.nominalConcurrencyShares`, shares, detail))
  }
  if (lendable < 0 || lendable > 100) {
    const detail = 'must be between 0 and 100, inclusive'
    errors.push(invalidValue(`${path}.lendablePercent`, lendable, detail))
  }
  const { type = '', queuing } = limitResponse ?? {}
  const responsePath = `${path}.limitResponse`
  if (!RESPONSES.includes(type)) return [...errors, notSupported(`${responsePath}.type`, type, RESPONSES)]
  const queuingPath = `${responsePath}.queuing`
  if (type === 'Reject') {
    const detail = 'must be nil if limited.limitResponse.type is not Limited'
    return queuing ? [...errors, fieldForbidden(queuingPath, detail)] : errors
  }
  if (!queuing) {
    return [...errors, required(queuingPath, 'must not be empty if limited.limitResponse.type is Limited')]
  }
  return [...errors, ...validateQueuing(queuing, queuingPath)]
}

function validateQueuing(queuing: QueuingConfiguration, path: string): FieldError[] {
  const errors: FieldError[] = []
  const { queueLengthLimit = 0, queues = 0, handSize = 0 } = queuing
  for (const [field, value] of Object.entries({ queueLengthLimit, queues })) {
    if (value <= 0) errors.push(invalidValue(`${path}.${field}`, value, 'must be positive'))
  }
  if (queues > QUEUES_MAXIMUM) {
    errors.push(invalidValue(`${path}.queues`, queues, `must not be greater than ${QUEUES_MAXIMUM}`))
  }
  if (handSize <= 0) errors.push(invalidValue(`${path}.handSize`, handSize, 'must be positive'))
  else if (handSize > queues) {
    const detail = `should not be greater than queues (${queues})`
    errors.push(invalidValue(`${path}.handSize`, handSize, detail))
  }
  return errors
}

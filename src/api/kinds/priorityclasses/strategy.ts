/** How PriorityClasses are created and changed. Mirrors pkg/apis/scheduling (defaults and validation). */
import type { Strategy } from '../../define-kind.ts'
import { type FieldError, fieldForbidden } from '../../field-error.ts'
import { isDns1123Subdomain, validateImmutable } from '../../validation/index.ts'
import { fill } from '../shared/fill.ts'
import { counted } from '../shared/generation.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkOneOf } from '../shared/rules.ts'
import type { PriorityClass } from './types.ts'

/** The highest value people may use. */
const HIGHEST_USER_VALUE = 1_000_000_000
/** Classes of the system by name, with their values. */
const SYSTEM_PRIORITIES: Readonly<Record<string, number>> = Object.freeze({
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
})
const POLICIES = ['Never', 'PreemptLowerPriority']

export const priorityClassStrategy: Strategy<PriorityClass> = {
  defaults: priorityClass => fill(priorityClass, { preemptionPolicy: 'PreemptLowerPriority' }),
  prepareForCreate: counted,
  validate: priorityClass => [
    ...checkMetadata(priorityClass, isDns1123Subdomain, false),
    ...validateValue(priorityClass),
    ...checkOneOf(priorityClass.preemptionPolicy, 'preemptionPolicy', POLICIES),
  ],
  validateUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    if ((next.value ?? 0) !== (old.value ?? 0)) {
      errors.push(fieldForbidden('value', 'may not be changed in an update.'))
    }
    return [...errors, ...validateImmutable(next.preemptionPolicy, old.preemptionPolicy, 'preemptionPolicy')]
  },
}

function validateValue({ metadata, value = 0, globalDefault }: PriorityClass): FieldError[] {
  const { name } = metadata
  if (!name.startsWith('system-')) {
    if (value <= HIGHEST_USER_VALUE) return []
    const detail = `maximum allowed value of a user defined priority is ${HIGHEST_USER_VALUE}`
    return [fieldForbidden('value', detail)]
  }
  const expected = SYSTEM_PRIORITIES[name]
  let problem: string | undefined
  if (expected === undefined) problem = `${name} is not a known system priority class`
  else if (value !== expected) problem = `value of ${name} PriorityClass must be ${expected}`
  else if (globalDefault) problem = `globalDefault of ${name} PriorityClass must be false`
  if (problem === undefined) return []
  const detail = "priority class names with 'system-' prefix are reserved for system use only. error:"
  return [fieldForbidden('metadata.name', `${detail} ${problem}`)]
}

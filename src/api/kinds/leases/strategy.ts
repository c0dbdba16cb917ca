/** How Leases are created and changed. Mirrors pkg/apis/coordination/validation. Written often: kept short. */
import type { LeaseSpec } from 'kubernetes-types/coordination/v1.js'
import type { Strategy } from '../../define-kind.ts'
import { type FieldError, invalidValue } from '../../field-error.ts'
import { isDns1123Subdomain, validateNonNegative } from '../../validation/index.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import type { Lease } from './types.ts'

export const leaseStrategy: Strategy<Lease> = {
  defaults: lease => (lease.spec ? lease : { ...lease, spec: {} }),
  validate: lease => [...checkMetadata(lease, isDns1123Subdomain), ...validateSpec(lease.spec)],
  validateUpdate: (next, old) => [...checkMetadataUpdate(next, old), ...validateSpec(next.spec)],
  allowsCreateOnUpdate: true,
  allowsUnconditionalUpdate: false,
}

function validateSpec(spec: LeaseSpec): FieldError[] {
  const { leaseDurationSeconds: seconds, leaseTransitions } = spec
  const errors = validateNonNegative(leaseTransitions ?? 0, 'spec.leaseTransitions')
  if (seconds != null && seconds <= 0) {
    errors.push(invalidValue('spec.leaseDurationSeconds', seconds, 'must be greater than 0'))
  }
  if (spec.holderIdentity === '') {
    errors.push(invalidValue('spec.holderIdentity', '', 'must not be empty'))
  }
  return errors
}

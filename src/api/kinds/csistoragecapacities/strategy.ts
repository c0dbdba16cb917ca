/** How CSIStorageCapacities are created and changed. Mirrors pkg/apis/storage/validation. */
import type { Strategy } from '../../define-kind.ts'
import { type FieldError, invalidValue } from '../../field-error.ts'
import { canonicalQuantity, compareQuantities } from '../../quantity.ts'
import { isDns1123Subdomain, validateImmutable, validateLabelSelector } from '../../validation/index.ts'
import { changeField, decoding } from '../shared/fill.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkText } from '../shared/rules.ts'
import type { CSIStorageCapacity } from './types.ts'

export const csiStorageCapacityStrategy: Strategy<CSIStorageCapacity> = {
  defaults: decoding('CSIStorageCapacity', 'v1', capacity =>
    changeField(changeField(capacity, 'capacity', canonicalQuantity), 'maximumVolumeSize', canonicalQuantity),
  ),
  validate: capacity => [...checkMetadata(capacity, isDns1123Subdomain), ...validateContent(capacity)],
  validateUpdate: (next, old) => [
    ...checkMetadataUpdate(next, old),
    ...validateContent(next),
    ...validateImmutable(next.nodeTopology, old.nodeTopology, 'nodeTopology'),
    ...validateImmutable(next.storageClassName, old.storageClassName, 'storageClassName'),
  ],
}

function validateContent(capacity: CSIStorageCapacity): FieldError[] {
  const errors = validateLabelSelector(capacity.nodeTopology, 'nodeTopology')
  errors.push(...checkText(capacity.storageClassName ?? '', 'storageClassName', isDns1123Subdomain))
  for (const field of ['capacity', 'maximumVolumeSize'] as const) {
    const size = capacity[field]
    if (size === undefined || compareQuantities(size, 0) >= 0) continue
    errors.push(invalidValue(field, size, 'must be greater than or equal to 0'))
  }
  return errors
}

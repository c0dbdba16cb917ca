/** How claims are created and changed. Mirrors `ValidatePersistentVolumeClaim` and its update. */
import type { PersistentVolumeClaimSpec } from 'kubernetes-types/core/v1.js'
import { semanticEqual } from '../../deep-equal.ts'
import type { Strategy } from '../../define-kind.ts'
import { type FieldError, fieldForbidden, invalidValue, required } from '../../field-error.ts'
import { compareQuantities } from '../../quantity.ts'
import { isDns1123Subdomain, validateLabelSelector } from '../../validation/index.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkOneOf, checkText } from '../shared/rules.ts'
import { validateAccessModes } from '../shared/storage-rules.ts'
import { defaultPersistentVolumeClaim } from './defaults.ts'
import type { PersistentVolumeClaim } from './types.ts'

const FORBIDDEN =
  'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'

export const persistentVolumeClaimStrategy: Strategy<PersistentVolumeClaim> = {
  defaults: defaultPersistentVolumeClaim,
  prepareForCreate: claim => ({ ...claim, status: { phase: 'Pending' } }),
  validate: claim => [...checkMetadata(claim, isDns1123Subdomain), ...validateSpec(claim.spec ?? {})],
  validateUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    if (next.spec === old.spec) return errors
    return [...errors, ...validateSpec(next.spec), ...validateSpecKept(next, old)]
  },
  validateStatusUpdate: checkMetadataUpdate,
}

function validateSpec(spec: PersistentVolumeClaimSpec): FieldError[] {
  const errors = validateAccessModes(spec.accessModes, 'spec.accessModes')
  errors.push(...validateLabelSelector(spec.selector, 'spec.selector'))
  const storage = spec.resources?.requests?.storage as string | undefined
  const path = 'spec.resources[storage]'
  if (storage === undefined) errors.push(required(path))
  else if (compareQuantities(storage, 0) <= 0) {
    errors.push(invalidValue(path, storage, 'must be greater than zero'))
  }
  if (spec.storageClassName) {
    errors.push(...checkText(spec.storageClassName, 'spec.storageClassName', isDns1123Subdomain))
  }
  errors.push(...checkOneOf(spec.volumeMode, 'spec.volumeMode', ['Block', 'Filesystem']))
  return errors
}

/** A claim may be bound, and a bound one may grow. */
function validateSpecKept(next: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const [spec, before] = [next.spec, old.spec]
  const masked: PersistentVolumeClaimSpec = {
    ...spec,
    volumeName: before.volumeName ? spec.volumeName : before.volumeName,
    volumeAttributesClassName: before.volumeAttributesClassName,
    // The default class may be given later to a claim that names none.
    storageClassName: before.storageClassName ?? undefined,
  }
  const isRenamed = before.storageClassName != null && spec.storageClassName !== before.storageClassName
  const storage = spec.resources?.requests?.storage as string | undefined
  const storageBefore = before.resources?.requests?.storage as string | undefined
  if (old.status.phase === 'Bound') masked.resources = before.resources
  if (isRenamed || !semanticEqual(masked, before)) return [fieldForbidden('spec', FORBIDDEN)]
  if (storage && storageBefore && compareQuantities(storage, storageBefore) < 0) {
    const detail = 'field can not be less than status.capacity'
    const capacity = old.status.capacity?.storage as string | undefined
    if (!capacity || compareQuantities(storage, capacity) <= 0) {
      return [fieldForbidden('spec.resources.requests.storage', detail)]
    }
  }
  return []
}

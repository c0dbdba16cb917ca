/** How PersistentVolumes are created and changed. Mirrors `ValidatePersistentVolume`; sources are not looked into. */
import type { PersistentVolumeSpec } from 'kubernetes-types/core/v1.js'
import { semanticEqual } from '../../deep-equal.ts'
import type { Strategy } from '../../define-kind.ts'
import { type FieldError, fieldForbidden, notSupported, required } from '../../field-error.ts'
import { isDns1123Subdomain } from '../../validation/index.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkOneOf } from '../shared/rules.ts'
import { validateAccessModes } from '../shared/storage-rules.ts'
import { defaultPersistentVolume } from './defaults.ts'
import type { PersistentVolume } from './types.ts'

const PLAIN_FIELDS = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
])

export const persistentVolumeStrategy: Strategy<PersistentVolume> = {
  defaults: defaultPersistentVolume,
  prepareForCreate: (volume, { timestamp }) => ({
    ...volume,
    status: { phase: 'Pending', lastPhaseTransitionTime: timestamp },
  }),
  prepareForStatusUpdate(next, old, { timestamp }) {
    if (next.status.phase === old.status.phase) return next
    return { ...next, status: { ...next.status, lastPhaseTransitionTime: timestamp } }
  },
  validate: volume => [
    ...checkMetadata(volume, isDns1123Subdomain, false),
    ...validateSpec(volume.spec ?? {}),
  ],
  validateUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    if (next.spec === old.spec) return errors
    errors.push(...validateSpec(next.spec))
    if (!semanticEqual(sourceOf(next.spec), sourceOf(old.spec))) {
      const detail = 'spec.persistentvolumesource is immutable after creation'
      errors.push(fieldForbidden('spec.persistentvolumesource', detail))
    }
    return errors
  },
  validateStatusUpdate: checkMetadataUpdate,
}

function sourceOf(spec: PersistentVolumeSpec): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(spec).filter(([field, value]) => value != null && !PLAIN_FIELDS.has(field)),
  )
}

function validateSpec(spec: PersistentVolumeSpec): FieldError[] {
  const errors = validateAccessModes(spec.accessModes, 'spec.accessModes')
  const resources = Object.keys(spec.capacity ?? {})
  if (resources.length === 0) errors.push(required('spec.capacity'))
  else if (resources.length > 1 || resources[0] !== 'storage') {
    errors.push(notSupported('spec.capacity', spec.capacity, ['storage']))
  }
  const policyPath = 'spec.persistentVolumeReclaimPolicy'
  const policy = spec.persistentVolumeReclaimPolicy
  errors.push(...checkOneOf(policy, policyPath, ['Delete', 'Recycle', 'Retain']))
  const sources = Object.keys(sourceOf(spec))
  if (sources.length === 0) errors.push(required('spec', 'must specify a volume type'))
  for (const source of sources.slice(1)) {
    errors.push(fieldForbidden(`spec.${source}`, 'may not specify more than 1 volume type'))
  }
  errors.push(...checkOneOf(spec.volumeMode, 'spec.volumeMode', ['Block', 'Filesystem']))
  return errors
}

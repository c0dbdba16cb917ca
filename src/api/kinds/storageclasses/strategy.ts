/** How StorageClasses are created and changed. Mirrors pkg/apis/storage (defaults and validation). */

import { semanticEqual } from '../../deep-equal.ts'
import type { Strategy } from '../../define-kind.ts'
import { type FieldError, fieldForbidden } from '../../field-error.ts'
import { isDns1123Subdomain, isQualifiedName, validateImmutable } from '../../validation/index.ts'
import { fill } from '../shared/fill.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkName, checkOneOf } from '../shared/rules.ts'
import type { StorageClass } from './types.ts'

export const storageClassStrategy: Strategy<StorageClass> = {
  defaults: storageClass => fill(storageClass, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  validate: storageClass => [
    ...checkMetadata(storageClass, isDns1123Subdomain, false),
    ...checkName(storageClass.provisioner?.toLowerCase(), 'provisioner', isQualifiedName),
    ...checkOneOf(storageClass.reclaimPolicy, 'reclaimPolicy', ['Delete', 'Retain']),
    ...validateBindingMode(storageClass),
  ],
  validateUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    if (!semanticEqual(next.parameters, old.parameters)) {
      errors.push(fieldForbidden('parameters', 'updates to parameters are forbidden.'))
    }
    if (next.provisioner !== old.provisioner) {
      errors.push(fieldForbidden('provisioner', 'updates to provisioner are forbidden.'))
    }
    if (next.reclaimPolicy !== old.reclaimPolicy) {
      errors.push(fieldForbidden('reclaimPolicy', 'updates to reclaimPolicy are forbidden.'))
    }
    const path = 'volumeBindingMode'
    return [...errors, ...validateImmutable(next.volumeBindingMode, old.volumeBindingMode, path)]
  },
}

function validateBindingMode({ volumeBindingMode }: StorageClass): FieldError[] {
  return checkOneOf(volumeBindingMode, 'volumeBindingMode', ['Immediate', 'WaitForFirstConsumer'])
}

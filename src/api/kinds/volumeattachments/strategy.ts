/** How VolumeAttachments are created and changed. Mirrors pkg/registry/storage/volumeattachment. */
import type { VolumeAttachmentSpec } from 'kubernetes-types/storage/v1.js'
import { semanticEqual } from '../../deep-equal.ts'
import type { Strategy } from '../../define-kind.ts'
import { type FieldError, fieldForbidden, invalidValue, required } from '../../field-error.ts'
import { isDns1123Subdomain, isPathSegment } from '../../validation/index.ts'
import { uncounted } from '../shared/generation.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkName } from '../shared/rules.ts'
import type { VolumeAttachment } from './types.ts'

const NOT_ATTACHED = Object.freeze({ attached: false })

export const volumeAttachmentStrategy: Strategy<VolumeAttachment> = {
  prepareForCreate: attachment => uncounted({ ...attachment, status: NOT_ATTACHED }),
  validate: attachment => [
    ...checkMetadata(attachment, isPathSegment, false),
    ...validateSpec(attachment.spec ?? {}),
  ],
  validateUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    const isSame = next.spec === old.spec || semanticEqual(next.spec, old.spec)
    return isSame ? errors : [...errors, invalidValue('spec', next.spec, 'field is immutable')]
  },
  validateStatusUpdate: checkMetadataUpdate,
}

function validateSpec({ attacher, source = {}, nodeName }: Partial<VolumeAttachmentSpec>): FieldError[] {
  const errors = checkName(attacher, 'spec.attacher', isDns1123Subdomain)
  const { persistentVolumeName: name, inlineVolumeSpec: inline } = source
  const detail = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName'
  if (name === undefined && !inline) errors.push(required('spec.source', detail))
  if (name !== undefined && inline) errors.push(fieldForbidden('spec.source', detail))
  if (name === '') {
    const path = 'spec.source.persistentVolumeName'
    errors.push(required(path, 'must specify non empty persistentVolumeName'))
  }
  return [...errors, ...checkName(nodeName, 'spec.nodeName', isDns1123Subdomain)]
}

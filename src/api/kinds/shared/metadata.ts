/**
 * Metadata checked on behalf of a kind. On update nothing is looked at that is the same value as before: most
 * writes leave metadata alone.
 */
import type { FieldError } from '../../field-error.ts'
import type { KubeObject } from '../../object.ts'
import {
  type TextRule,
  validateFinalizers,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from '../../validation/index.ts'

/** The rules of metadata on create; `nameRule` is the kind's. */
export function checkMetadata(object: KubeObject, nameRule: TextRule, isNamespaced = true): FieldError[] {
  return validateObjectMeta(object.metadata, { isNamespaced, nameRule })
}

const WATCHED = [
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
] as const

/** The rules of metadata on update. */
export function checkMetadataUpdate(next: KubeObject, old: KubeObject): FieldError[] {
  const [nextMeta, oldMeta] = [next.metadata, old.metadata]
  if (nextMeta === oldMeta) return []
  for (const field of WATCHED) {
    if (nextMeta[field] === oldMeta[field]) continue
    const errors = validateObjectMetaUpdate(nextMeta, oldMeta)
    errors.push(...validateFinalizers(nextMeta.finalizers, 'metadata.finalizers'))
    return errors
  }
  return []
}

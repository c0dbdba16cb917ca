/**
 * Metadata checked on behalf of a kind. On update nothing is looked at that is the same value as before: most
 * writes leave metadata alone.
 */
import type { FieldError } from '../../field-error.ts'
import type { KubeObject, ObjectMeta } from '../../object.ts'
import {
  type TextRule,
  validateFinalizers,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from '../../validation/index.ts'

/** The rules of metadata on create; `nameRule` is the kind's. */
export function checkMetadata(
  object: KubeObject,
  nameRule: TextRule,
  isNamespaced = true,
  isKubernetes = true,
): FieldError[] {
  return validateObjectMeta(object.metadata, { isNamespaced, nameRule, isKubernetes })
}

/** The rules of metadata on update. */
export function checkMetadataUpdate(next: KubeObject, old: KubeObject, isKubernetes = true): FieldError[] {
  if (isUntouched(next.metadata, old.metadata)) return []
  const errors = validateObjectMetaUpdate(next.metadata, old.metadata)
  errors.push(...validateFinalizers(next.metadata.finalizers, 'metadata.finalizers', isKubernetes))
  return errors
}

/** Whether every field with rules is the very value it was. Spelt out: this is asked at every write of a status. */
function isUntouched(next: ObjectMeta, old: ObjectMeta): boolean {
  return (
    next === old ||
    (next.labels === old.labels &&
      next.annotations === old.annotations &&
      next.ownerReferences === old.ownerReferences &&
      next.finalizers === old.finalizers &&
      next.generation === old.generation &&
      next.deletionTimestamp === old.deletionTimestamp &&
      next.deletionGracePeriodSeconds === old.deletionGracePeriodSeconds &&
      next.name === old.name &&
      next.namespace === old.namespace &&
      next.uid === old.uid &&
      next.creationTimestamp === old.creationTimestamp &&
      next.managedFields === old.managedFields)
  )
}

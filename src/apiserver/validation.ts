/** A kind's rules applied, and 422 when they are broken. Kinds without rules of their own get those of metadata. */
import {
  type AnyKind,
  ApiError,
  type FieldError,
  isDns1123Subdomain,
  type KubeObject,
  statuses,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from '../api/index.ts'

/** Throws ApiError 422 when the new object breaks a rule. */
export function checkNew(kind: AnyKind, object: KubeObject): void {
  const errors =
    kind.strategy.validate?.(object) ??
    validateObjectMeta(object.metadata, { isNamespaced: kind.isNamespaced, nameRule: isDns1123Subdomain })
  refuseIfAny(kind, object, errors)
}

/** Throws ApiError 422 when the change breaks a rule. */
export function checkUpdate(kind: AnyKind, next: KubeObject, old: KubeObject): void {
  const errors =
    kind.strategy.validateUpdate?.(next, old) ?? validateObjectMetaUpdate(next.metadata, old.metadata)
  refuseIfAny(kind, next, errors)
}

/** Throws ApiError 422 when the new status breaks a rule. */
export function checkStatusUpdate(kind: AnyKind, next: KubeObject, old: KubeObject): void {
  const errors = kind.strategy.validateStatusUpdate?.(next, old)
  if (errors) refuseIfAny(kind, next, errors)
}

function refuseIfAny(kind: AnyKind, object: KubeObject, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw new ApiError(statuses.invalid(kind, object.metadata.name, errors))
}

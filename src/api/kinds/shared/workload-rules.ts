/** Rules that ReplicaSets, Deployments, StatefulSets, DaemonSets and Jobs share. */
import type { PodTemplateSpec } from 'kubernetes-types/core/v1.js'
import type { LabelSelector } from 'kubernetes-types/meta/v1.js'
import { semanticEqual } from '../../deep-equal.ts'
import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../../field-error.ts'
import { labelSelector } from '../../selector.ts'
import { validateLabelSelector, validateNonNegative } from '../../validation/index.ts'
import { goLabelSelector, goStringMap, invalidShown } from './go-values.ts'

/** The selector is there, well formed and not empty. `kind` in small letters, as the message names it. */
export function validateSelector(
  selector: LabelSelector | undefined,
  kind: string,
  path = 'spec.selector',
): FieldError[] {
  if (!selector) return [required(path)]
  const errors = validateLabelSelector(selector, path)
  if (errors.length === 0 && labelSelector(selector).requirements.length === 0) {
    const detail = `empty selector is invalid for ${kind}`
    errors.push(invalidShown(path, goLabelSelector(selector), detail))
  }
  return errors
}

/** The template is one that the selector finds; nothing is said of a selector that is wrong in itself. */
export function validateSelectorMatches(
  selector: LabelSelector | undefined,
  template: PodTemplateSpec | undefined,
): FieldError[] {
  if (selector && validateLabelSelector(selector, '').length > 0) return []
  const labels = template?.metadata?.labels
  if (!selector || labelSelector(selector).matches(labels)) return []
  const detail = '`selector` does not match template `labels`'
  return [invalidShown('spec.template.metadata.labels', goStringMap(labels), detail)]
}

/** `field is immutable`, with the selector as Go shows it. */
export function validateSelectorKept(
  next: LabelSelector | undefined,
  old: LabelSelector | undefined,
): FieldError[] {
  if (next === old || semanticEqual(next, old)) return []
  return [invalidShown('spec.selector', goLabelSelector(next), 'field is immutable')]
}

/** Pods of controllers that replace them restart always and have no deadline. `kind` as the message names it. */
export function validateLongRunning(template: PodTemplateSpec | undefined, kind: string): FieldError[] {
  const spec = template?.spec
  if (!spec) return []
  const errors: FieldError[] = []
  const path = 'spec.template.spec'
  if (spec.restartPolicy !== 'Always') {
    errors.push(notSupported(`${path}.restartPolicy`, spec.restartPolicy, ['Always']))
  }
  if (spec.activeDeadlineSeconds != null) {
    const detail = `activeDeadlineSeconds in ${kind} is not Supported`
    errors.push(fieldForbidden(`${path}.activeDeadlineSeconds`, detail))
  }
  return errors
}

/** A counter that is only ever raised. */
export function validateNotDecremented(
  next: number | undefined,
  old: number | undefined,
  path: string,
): FieldError[] {
  const errors = validateNonNegative(next, path)
  if (old !== undefined && (next ?? 0) < old)
    errors.push(invalidValue(path, next ?? 0, 'cannot be decremented'))
  return errors
}

/** That of these counts none is over the limit. */
export function validateAtMost<T extends object>(
  status: T,
  fields: readonly (keyof T & string)[],
  limit: number | undefined,
  detail: string,
): FieldError[] {
  return fields.flatMap(field => {
    const value = (status[field] as number | undefined) ?? 0
    return value > (limit ?? 0) ? [invalidValue(`status.${field}`, value, detail)] : []
  })
}

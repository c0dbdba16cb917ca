/** How ClusterRoles are created and changed. Mirrors `ValidateClusterRole`. */
import type { Strategy } from '../../define-kind.ts'
import { type FieldError, required } from '../../field-error.ts'
import { isPathSegment, validateLabelSelector } from '../../validation/index.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { validateRules } from '../shared/policy-rules.ts'
import type { ClusterRole } from './types.ts'

export const clusterRoleStrategy: Strategy<ClusterRole> = {
  validate: role => [...checkMetadata(role, isPathSegment, false), ...validateContent(role)],
  validateUpdate: (next, old) => [...checkMetadataUpdate(next, old), ...validateContent(next)],
  allowsCreateOnUpdate: true,
}

function validateContent({ rules, aggregationRule }: ClusterRole): FieldError[] {
  const errors = validateRules(rules, false)
  if (!aggregationRule) return errors
  const path = 'aggregationRule.clusterRoleSelectors'
  const selectors = aggregationRule.clusterRoleSelectors ?? []
  if (selectors.length === 0) {
    errors.push(required(path, 'at least one clusterRoleSelector required if aggregationRule is non-nil'))
  }
  selectors.forEach((selector, index) => {
    errors.push(...validateLabelSelector(selector, `${path}[${index}]`))
  })
  return errors
}

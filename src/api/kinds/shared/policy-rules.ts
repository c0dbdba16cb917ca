/** What Roles and ClusterRoles have in common. Mirrors pkg/apis/rbac (types, validation). */
import { type FieldError, invalidValue, required } from '../../field-error.ts'

/** What may be done with what. Empty `resourceNames`: with all of them. */
export interface PolicyRule {
  readonly verbs: readonly string[]
  readonly apiGroups?: readonly string[]
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly nonResourceURLs?: readonly string[]
}

export const RBAC_GROUP = 'rbac.authorization.k8s.io'

export function validateRules(
  rules: readonly PolicyRule[] | undefined | null,
  isNamespaced: boolean,
): FieldError[] {
  return (rules ?? []).flatMap((rule, index) => validateRule(rule, isNamespaced, `rules[${index}]`))
}

function validateRule(rule: PolicyRule, isNamespaced: boolean, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (isEmpty(rule.verbs)) errors.push(required(`${path}.verbs`, 'verbs must contain at least one value'))
  if (!isEmpty(rule.nonResourceURLs)) {
    const urls = rule.nonResourceURLs
    const refuse = (why: string) => errors.push(invalidValue(`${path}.nonResourceURLs`, urls, why))
    if (isNamespaced) refuse('namespaced rules cannot apply to non-resource URLs')
    if (!isEmpty(rule.apiGroups) || !isEmpty(rule.resources) || !isEmpty(rule.resourceNames)) {
      refuse('rules cannot apply to both regular resources and non-resource URLs')
    }
    return errors
  }
  if (isEmpty(rule.apiGroups)) {
    errors.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'))
  }
  if (isEmpty(rule.resources)) {
    errors.push(required(`${path}.resources`, 'resource rules must supply at least one resource'))
  }
  return errors
}

function isEmpty(list: readonly string[] | undefined | null): boolean {
  return !list || list.length === 0
}

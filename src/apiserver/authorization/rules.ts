/** What a rule of a role covers. Pure; mirrors `RuleAllows` of plugin/pkg/auth/authorizer/rbac. */
import type { PolicyRule } from '../../api/index.ts'
import type { AccessAttributes } from './authorizer.ts'

export function ruleAllows(rule: PolicyRule, attributes: AccessAttributes): boolean {
  if (!has(rule.verbs, attributes.verb)) return false
  if (attributes.path !== undefined) return coversPath(rule.nonResourceURLs, attributes.path)
  return (
    has(rule.apiGroups, attributes.group) &&
    coversResource(rule.resources, attributes.resource, attributes.subresource) &&
    coversName(rule.resourceNames, attributes.name)
  )
}

export function rulesAllow(rules: readonly PolicyRule[], attributes: AccessAttributes): boolean {
  return rules.some(rule => ruleAllows(rule, attributes))
}

function has(list: readonly string[] | undefined, wanted: string): boolean {
  return list?.some(one => one === '*' || one === wanted) ?? false
}

/** `pods`, `pods/status`, `*`, and `*\/scale` for a subresource of anything. */
function coversResource(list: readonly string[] | undefined, resource: string, subresource: string): boolean {
  if (!list) return false
  const whole = subresource ? `${resource}/${subresource}` : resource
  return list.some(one => one === '*' || one === whole || (subresource !== '' && one === `*/${subresource}`))
}

function coversName(names: readonly string[] | undefined, name: string): boolean {
  return !names || names.length === 0 || names.includes(name)
}

/** `/healthz`, `/api/*`, `*` */
function coversPath(list: readonly string[] | undefined, path: string): boolean {
  if (!list) return false
  return list.some(
    one => one === '*' || one === path || (one.endsWith('*') && path.startsWith(one.replace(/\*+$/, ''))),
  )
}

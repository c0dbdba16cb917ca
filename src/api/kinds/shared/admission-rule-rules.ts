/** Which requests webhooks and policies look at: rules, conditions, constraints. */
import type { MatchCondition } from 'kubernetes-types/admissionregistration/v1.js'
import type { LabelSelector } from 'kubernetes-types/meta/v1.js'
import {
  duplicate,
  type FieldError,
  invalidValue,
  notSupported,
  required,
  tooMany,
} from '../../field-error.ts'
import { isQualifiedName, validateLabelSelector } from '../../validation/index.ts'
import { isAbsent } from './fill.ts'
import { checkName } from './rules.ts'

/** Which requests are meant. */
export interface AdmissionRule {
  operations?: string[]
  apiGroups?: string[]
  apiVersions?: string[]
  resources?: string[]
  /** `*` unless given. */
  scope?: string
  /** Only policies have them. */
  resourceNames?: string[]
}

/** What a policy or a binding is about. */
export interface MatchResources {
  matchPolicy?: string
  namespaceSelector?: LabelSelector
  objectSelector?: LabelSelector
  resourceRules?: AdmissionRule[]
  excludeResourceRules?: AdmissionRule[]
}

const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE']
const SCOPES = ['*', 'Cluster', 'Namespaced']
const CONDITIONS_MAXIMUM = 64

export function validateRule(rule: AdmissionRule, path: string): FieldError[] {
  const errors = validateWildcards(rule.operations, `${path}.operations`, 'operations')
  rule.operations?.forEach((operation, i) => {
    if (!OPERATIONS.includes(operation)) {
      errors.push(notSupported(`${path}.operations[${i}]`, operation, OPERATIONS))
    }
  })
  errors.push(...validateWildcards(rule.apiGroups, `${path}.apiGroups`, 'API groups'))
  errors.push(...validateWildcards(rule.apiVersions, `${path}.apiVersions`, 'API versions'))
  rule.apiVersions?.forEach((version, i) => {
    if (version === '') errors.push(required(`${path}.apiVersions[${i}]`))
  })
  errors.push(...validateResources(rule.resources, `${path}.resources`))
  if (rule.scope !== undefined && !SCOPES.includes(rule.scope)) {
    errors.push(notSupported(`${path}.scope`, rule.scope, SCOPES))
  }
  return errors
}

/** There is something, and `*` stands alone. */
function validateWildcards(list: readonly string[] | undefined, path: string, what: string): FieldError[] {
  if (!list?.length) return [required(path)]
  const isMixed = list.length > 1 && list.includes('*')
  return isMixed ? [invalidValue(path, list, `if '*' is present, must not specify other ${what}`)] : []
}

function validateResources(resources: readonly string[] | undefined, path: string): FieldError[] {
  if (!resources?.length) return [required(path)]
  const errors: FieldError[] = []
  resources.forEach((text, i) => {
    if (text === '') errors.push(required(`${path}[${i}]`))
    const [resource = '', subresource] = text.split('/')
    if (subresource === undefined) return
    const before = resources.slice(0, i)
    for (const wildcard of [`${resource}/*`, `*/${subresource}`]) {
      if (!before.includes(wildcard)) continue
      const detail = `if '${wildcard}' is present, must not specify ${text}`
      errors.push(invalidValue(`${path}[${i}]`, text, detail))
    }
  })
  if (resources.length > 1 && resources.includes('*/*')) {
    errors.push(invalidValue(path, resources, "if '*/*' is present, must not specify other resources"))
  }
  if (resources.includes('*') && resources.some(text => text !== '*' && text !== '' && !text.includes('/'))) {
    const detail = "if '*' is present, must not specify other resources without subresources"
    errors.push(invalidValue(path, resources, detail))
  }
  return errors
}

export function validateMatchConditions(
  conditions: readonly MatchCondition[] | undefined,
  path: string,
): FieldError[] {
  const errors: FieldError[] = []
  const names = new Set<string>()
  conditions?.forEach(({ name, expression }, i) => {
    errors.push(...checkName(name, `${path}[${i}].name`, isQualifiedName))
    if (isAbsent(expression?.trim())) errors.push(required(`${path}[${i}].expression`))
    if (name && names.has(name)) errors.push(duplicate(`${path}[${i}].name`, name))
    names.add(name)
  })
  const count = conditions?.length ?? 0
  return count > CONDITIONS_MAXIMUM ? [...errors, tooMany(path, count, CONDITIONS_MAXIMUM)] : errors
}

/** A policy must name resources, a binding need not. */
export function validateMatchResources(
  match: MatchResources,
  path: string,
  needsRules: boolean,
): FieldError[] {
  const errors = validateLabelSelector(match.namespaceSelector, `${path}.namespaceSelector`)
  errors.push(...validateLabelSelector(match.objectSelector, `${path}.objectSelector`))
  if (needsRules && !match.resourceRules?.length) errors.push(required(`${path}.resourceRules`))
  for (const field of ['resourceRules', 'excludeResourceRules'] as const) {
    match[field]?.forEach((rule, i) => {
      errors.push(...validateNamedRule(rule, `${path}.${field}[${i}]`))
    })
  }
  const { matchPolicy } = match
  if (matchPolicy !== undefined && matchPolicy !== 'Equivalent' && matchPolicy !== 'Exact') {
    errors.push(notSupported(`${path}.matchPolicy`, matchPolicy, ['Equivalent', 'Exact']))
  }
  return errors
}

function validateNamedRule(rule: AdmissionRule, path: string): FieldError[] {
  const names = rule.resourceNames ?? []
  const errors: FieldError[] = []
  names.forEach((name, i) => {
    if (names.indexOf(name) < i) errors.push(duplicate(`${path}.resourceNames[${i}]`, name))
  })
  return [...errors, ...validateRule(rule, path)]
}

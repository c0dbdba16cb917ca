/** How ResourceQuotas are created and changed. Mirrors `ValidateResourceQuota` of pkg/apis/core/validation. */
import type { ResourceQuotaSpec, ScopedResourceSelectorRequirement } from 'kubernetes-types/core/v1.js'
import { semanticEqual } from '../../deep-equal.ts'
import type { Strategy } from '../../define-kind.ts'
import { type FieldError, invalidValue, required } from '../../field-error.ts'
import { isDns1123Subdomain, isQualifiedName } from '../../validation/index.ts'
import { changeField, decoding, fill } from '../shared/fill.ts'
import { goStrings, invalidShown } from '../shared/go-values.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { canonicalResources, quantityOf } from '../shared/resources.ts'
import { checkText } from '../shared/rules.ts'
import type { ResourceQuota } from './types.ts'

type Amounts = Readonly<Record<string, string>>

/** Numbers of objects, which are whole. */
const OBJECT_COUNTS = [
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'persistentvolumeclaims',
  'configmaps',
  'services.nodeports',
  'services.loadbalancers',
]
const COMPUTE = [
  'cpu',
  'memory',
  'ephemeral-storage',
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
]
const STANDARD = [...OBJECT_COUNTS, ...COMPUTE, 'requests.storage']
const SCOPES = [
  'Terminating',
  'NotTerminating',
  'BestEffort',
  'NotBestEffort',
  'PriorityClass',
  'CrossNamespacePodAffinity',
]
/** What a scope can be applied to. */
const IN_SCOPE: Readonly<Record<string, readonly string[]>> = {
  Terminating: ['pods', ...COMPUTE],
  NotTerminating: ['pods', ...COMPUTE],
  NotBestEffort: ['pods', ...COMPUTE],
  PriorityClass: ['pods', ...COMPUTE],
  CrossNamespacePodAffinity: ['pods', ...COMPUTE],
  BestEffort: ['pods'],
}

export const resourceQuotaStrategy: Strategy<ResourceQuota> = {
  defaults: decoding('ResourceQuota', 'v1', quota => {
    const complete = changeField(quota, 'spec', spec => changeField(spec, 'hard', canonicalResources))
    return fill(complete, { status: {} })
  }),
  prepareForCreate: quota => ({ ...quota, status: {} }),
  validate: quota => [...checkMetadata(quota, isDns1123Subdomain), ...validateSpec(quota.spec ?? {})],
  validateUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    if (next.spec === old.spec) return errors
    errors.push(...validateSpec(next.spec))
    const scopes = (spec: ResourceQuotaSpec) => [...(spec.scopes ?? [])].sort()
    if (!semanticEqual(scopes(next.spec), scopes(old.spec))) {
      errors.push(invalidShown('scopes', shownScopes(next.spec.scopes), 'field is immutable'))
    }
    return errors
  },
  validateStatusUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    if (next.status === old.status) return errors
    for (const field of ['hard', 'used'] as const) {
      errors.push(...validateAmounts((next.status[field] ?? {}) as Amounts, `status.${field}`))
    }
    return errors
  },
}

function validateSpec(spec: ResourceQuotaSpec): FieldError[] {
  const hard = (spec.hard ?? {}) as Amounts
  const errors = validateAmounts(hard, 'spec.hard')
  errors.push(...validateScopes(spec.scopes ?? [], hard))
  const selectorPath = 'spec.scopeSelector.matchExpressions'
  spec.scopeSelector?.matchExpressions?.forEach(expression => {
    errors.push(...validateScopeExpression(expression, hard, selectorPath))
  })
  return errors
}

function validateAmounts(amounts: Amounts, path: string): FieldError[] {
  return Object.keys(amounts)
    .sort()
    .flatMap(name => validateAmount(name, amounts[name]!, `${path}[${name}]`))
}

function validateAmount(name: string, amount: string, path: string): FieldError[] {
  const errors = checkText(name, path, isQualifiedName)
  const isHuge = /^(requests\.)?hugepages-/.test(name)
  if (!name.includes('/') && !STANDARD.includes(name) && !isHuge) {
    errors.push(invalidValue(path, name, 'must be a standard resource for quota'))
  }
  const { nano } = quantityOf(amount)
  if (nano < 0n) errors.push(invalidValue(path, amount, 'must be greater than or equal to 0'))
  if (OBJECT_COUNTS.includes(name) && nano % 1_000_000_000n !== 0n) {
    errors.push(invalidValue(path, amount, 'must be an integer'))
  }
  return errors
}

function validateScopes(scopes: readonly string[], hard: Amounts): FieldError[] {
  const path = 'spec.scopes'
  const fail = (detail: string) => invalidShown(path, shownScopes(scopes), detail)
  const errors: FieldError[] = []
  for (const scope of scopes) {
    if (!SCOPES.includes(scope)) errors.push(fail('unsupported scope'))
    errors.push(...outsideOf(scope, hard).map(() => fail('unsupported scope applied to resource')))
  }
  const areBoth = (one: string, other: string) => scopes.includes(one) && scopes.includes(other)
  if (areBoth('BestEffort', 'NotBestEffort')) errors.push(fail('conflicting scopes'))
  if (areBoth('Terminating', 'NotTerminating')) errors.push(fail('conflicting scopes'))
  return errors
}

function validateScopeExpression(
  { scopeName, operator, values = [] }: ScopedResourceSelectorRequirement,
  hard: Amounts,
  path: string,
): FieldError[] {
  const errors: FieldError[] = []
  if (!SCOPES.includes(scopeName)) {
    errors.push(invalidValue(`${path}.scopeName`, scopeName, 'unsupported scope'))
  }
  for (const name of outsideOf(scopeName, hard)) {
    errors.push(invalidValue(path, name, 'unsupported scope applied to resource'))
  }
  if (scopeName !== 'PriorityClass' && SCOPES.includes(scopeName) && operator !== 'Exists') {
    const detail =
      "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity"
    errors.push(invalidValue(`${path}.operator`, operator, detail))
  }
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) {
        const detail = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"
        errors.push(required(`${path}.values`, detail))
      }
      break
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0) {
        const detail = "must be no value when `operator` is 'Exists' or 'DoesNotExist' for scope selector"
        errors.push(invalidValue(`${path}.values`, values, detail))
      }
      break
    default:
      errors.push(invalidValue(`${path}.operator`, operator, 'not a valid selector operator'))
  }
  return errors
}

/** Resources with a limit that a scope has nothing to do with. */
function outsideOf(scope: string, hard: Amounts): string[] {
  return Object.keys(hard).filter(
    name => STANDARD.includes(name) && !(IN_SCOPE[scope]?.includes(name) ?? true),
  )
}

function shownScopes(scopes: readonly string[] | undefined): string {
  return goStrings(scopes, '[]core.ResourceQuotaScope')
}

/** How FlowSchemas are created and changed. Mirrors pkg/apis/flowcontrol (defaults and validation). */
import type {
  FlowSchemaSpec,
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  ResourcePolicyRule,
  Subject,
} from 'kubernetes-types/flowcontrol/v1.js'
import type { Strategy } from '../../define-kind.ts'
import { type FieldError, invalidValue, notSupported, required } from '../../field-error.ts'
import { isDns1123Subdomain, isPathSegment } from '../../validation/index.ts'
import { changeField } from '../shared/fill.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkText } from '../shared/rules.ts'
import type { FlowSchema } from './types.ts'

const DEFAULT_PRECEDENCE = 1000
const LAST_PRECEDENCE = 10_000
const SUBJECTS = { Group: 'group', ServiceAccount: 'serviceAccount', User: 'user' } as const

export const flowSchemaStrategy: Strategy<FlowSchema> = {
  defaults: schema =>
    changeField(schema, 'spec', spec =>
      spec.matchingPrecedence ? spec : { ...spec, matchingPrecedence: DEFAULT_PRECEDENCE },
    ),
  prepareForCreate: schema => ({ ...schema, status: {} }),
  validate: schema => [
    ...checkMetadata(schema, isDns1123Subdomain, false),
    ...validateSpec(schema.spec ?? {}, schema.metadata.name),
  ],
  validateUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    return next.spec === old.spec ? errors : [...errors, ...validateSpec(next.spec, next.metadata.name)]
  },
  validateStatusUpdate: checkMetadataUpdate,
}

function validateSpec(spec: Partial<FlowSchemaSpec>, name: string): FieldError[] {
  const errors: FieldError[] = []
  const { matchingPrecedence: precedence = 0, distinguisherMethod, priorityLevelConfiguration } = spec
  const failPrecedence = (detail: string) =>
    errors.push(invalidValue('spec.matchingPrecedence', precedence, detail))
  if (precedence <= 0) failPrecedence('must be a positive value')
  if (precedence > LAST_PRECEDENCE) failPrecedence(`must not be greater than ${LAST_PRECEDENCE}`)
  if (precedence === 1 && name !== 'exempt') {
    failPrecedence("only the schema named 'exempt' may have matchingPrecedence 1")
  }
  const methods = ['ByNamespace', 'ByUser']
  if (distinguisherMethod && !methods.includes(distinguisherMethod.type)) {
    errors.push(notSupported('spec.distinguisherMethod', distinguisherMethod, methods))
  }
  const levelPath = 'spec.priorityLevelConfiguration.name'
  const level = priorityLevelConfiguration?.name
  if (!level) errors.push(required(levelPath, 'must reference a priority level'))
  else errors.push(...checkText(level, levelPath, isDns1123Subdomain))
  spec.rules?.forEach((rule, i) => {
    errors.push(...validateRule(rule, `spec.rules[${i}]`))
  })
  return errors
}

function validateRule(rule: PolicyRulesWithSubjects, path: string): FieldError[] {
  const { subjects = [], resourceRules = [], nonResourceRules = [] } = rule
  const errors: FieldError[] = []
  if (subjects.length === 0) {
    errors.push(required(`${path}.subjects`, 'subjects must contain at least one value'))
  }
  subjects.forEach((subject, i) => {
    errors.push(...validateSubject(subject, `${path}.subjects[${i}]`))
  })
  if (resourceRules.length === 0 && nonResourceRules.length === 0) {
    errors.push(required(path, 'at least one of resourceRules and nonResourceRules has to be non-empty'))
  }
  resourceRules.forEach((one, i) => {
    errors.push(...validateResourceRule(one, `${path}.resourceRules[${i}]`))
  })
  nonResourceRules.forEach((one, i) => {
    errors.push(...validateNonResourceRule(one, `${path}.nonResourceRules[${i}]`))
  })
  return errors
}

function validateSubject(subject: Subject, path: string): FieldError[] {
  if (!Object.hasOwn(SUBJECTS, subject.kind)) {
    return [notSupported(`${path}.kind`, subject.kind, Object.keys(SUBJECTS))]
  }
  const field = SUBJECTS[subject.kind as keyof typeof SUBJECTS]
  const content = subject[field]
  if (!content)
    return [required(`${path}.${field}`, `${field} is required when subject kind is '${subject.kind}'`)]
  const errors = content.name ? [] : [required(`${path}.${field}.name`)]
  if (field !== 'serviceAccount') return errors
  const { namespace } = subject.serviceAccount!
  if (!namespace) {
    return [
      ...errors,
      required(`${path}.serviceAccount.namespace`, 'must specify namespace for service account'),
    ]
  }
  return [...errors, ...checkText(namespace, `${path}.serviceAccount.namespace`, isPathSegment)]
}

function validateResourceRule(rule: ResourcePolicyRule, path: string): FieldError[] {
  const errors = validateVerbs(rule.verbs, `${path}.verbs`)
  if (!rule.apiGroups?.length) {
    errors.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'))
  }
  if (!rule.resources?.length) {
    errors.push(required(`${path}.resources`, 'resource rules must supply at least one resource'))
  }
  if (!rule.namespaces?.length && !rule.clusterScope) {
    const detail = 'resource rules that are not cluster scoped must supply at least one namespace'
    errors.push(required(`${path}.namespaces`, detail))
  }
  return errors
}

function validateNonResourceRule(rule: NonResourcePolicyRule, path: string): FieldError[] {
  const errors = validateVerbs(rule.verbs, `${path}.verbs`)
  if (rule.nonResourceURLs?.length) return errors
  const detail = 'nonResourceURLs must contain at least one value'
  return [...errors, required(`${path}.nonResourceURLs`, detail)]
}

function validateVerbs(verbs: readonly string[] | undefined, path: string): FieldError[] {
  if (!verbs?.length) return [required(path, 'verbs must contain at least one value')]
  if (verbs.length > 1 && verbs.includes('*')) {
    return [invalidValue(path, verbs, "if '*' is present, must not specify other verbs")]
  }
  return []
}

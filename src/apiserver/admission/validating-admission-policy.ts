/**
 * ValidatingAdmissionPolicy: what an administrator's expressions refuse. Mirrors
 * `k8s.io/apiserver/pkg/admission/plugin/policy/validating`. Audit annotations have no log to go
 * to; expressions are checked when they are evaluated, not when the policy is written.
 */
import {
  CelError,
  celValue,
  compileCel,
  type KubeObject,
  labelSelector,
  Namespaces,
  type Status,
  statuses,
  ValidatingAdmissionPolicies,
  type ValidatingAdmissionPolicy,
  type ValidatingAdmissionPolicyBinding,
  ValidatingAdmissionPolicyBindings,
} from '../../api/index.ts'
import { type AdmissionPlugin, type AdmissionView, type Attributes, nameIn, type Refusal } from './plugin.ts'
import { authorizerOf, type MatchResources, matches, requestOf } from './shared/matching.ts'

type Policy = ValidatingAdmissionPolicy
type Binding = ValidatingAdmissionPolicyBinding
type Variables = Readonly<Record<string, unknown>>

/** What a validation said, when it did not hold. */
interface Failure {
  readonly message: string
  readonly reason: string
}

const CODES: Readonly<Record<string, number>> = {
  Unauthorized: 401,
  Forbidden: 403,
  RequestEntityTooLarge: 413,
}

export const VALIDATING_ADMISSION_POLICY: AdmissionPlugin = {
  name: 'ValidatingAdmissionPolicy',

  handles: kind => kind.group !== 'admissionregistration.k8s.io' && !kind.isVirtual,

  isActive: view => view.hasAny(ValidatingAdmissionPolicyBindings),

  validate(object, attributes, view) {
    if (!view.hasAny(ValidatingAdmissionPolicyBindings)) return undefined
    let refused: Refusal | undefined
    for (const binding of view.list(ValidatingAdmissionPolicyBindings)) {
      const policy = view.get(ValidatingAdmissionPolicies, '', binding.spec.policyName ?? '')
      if (!policy || !isConcerned(policy, binding, object, attributes, view)) continue
      for (const failure of failuresOf(policy, binding, object, attributes, view)) {
        const actions = binding.spec.validationActions ?? []
        const names = `ValidatingAdmissionPolicy '${policy.metadata.name}' with binding '${binding.metadata.name}'`
        if (actions.includes('Deny')) refused ??= { refused: denial(names, failure, object, attributes) }
        if (actions.includes('Warn'))
          attributes.warnings.push(`Validation failed for ${names}: ${failure.message}`)
      }
    }
    return refused
  },
}

function isConcerned(
  policy: Policy,
  binding: Binding,
  object: KubeObject | undefined,
  attributes: Attributes,
  view: AdmissionView,
): boolean {
  const constraints = policy.spec.matchConstraints as MatchResources | undefined
  // A policy without constraints is about nothing.
  if (!constraints?.resourceRules?.length) return false
  const narrower = binding.spec.matchResources as MatchResources | undefined
  return matches(constraints, object, attributes, view) && matches(narrower, object, attributes, view)
}

function denial(
  names: string,
  { message, reason }: Failure,
  object: KubeObject | undefined,
  attributes: Attributes,
): Status {
  const text = `${names} denied request: ${message}`
  const status = statuses.forbidden(attributes.kind, nameIn(attributes, object), text)
  return {
    ...status,
    reason: reason as Status['reason'],
    code: CODES[reason] ?? 422,
    details: { ...status.details, causes: [{ message: text }] },
  }
}

function failuresOf(
  policy: Policy,
  binding: Binding,
  object: KubeObject | undefined,
  attributes: Attributes,
  view: AdmissionView,
): Failure[] {
  const params = paramsOf(policy, binding, attributes, view)
  if (typeof params === 'string') return isFailing(policy) ? [{ message: params, reason: 'Invalid' }] : []
  return params.flatMap(one => evaluate(policy, variablesFor(policy, one, object, attributes, view)))
}

const isFailing = ({ spec }: Policy) => spec.failurePolicy !== 'Ignore'

function evaluate(policy: Policy, variables: Variables): Failure[] {
  const { matchConditions = [], validations = [] } = policy.spec
  const failures: Failure[] = []
  const failed = (expression: string, error: unknown) => {
    if (!(error instanceof CelError)) throw error
    if (!isFailing(policy)) return
    const message = `expression '${expression.trim()}' resulted in error: ${error.message}`
    failures.push({ message, reason: 'Invalid' })
  }
  for (const { expression } of matchConditions) {
    try {
      if (compileCel(expression).evaluate(variables) !== true) return []
    } catch (error) {
      failed(expression, error)
      return failures
    }
  }
  for (const { expression, message, messageExpression, reason } of validations) {
    try {
      if (compileCel(expression).evaluate(variables) === true) continue
      const said = messageExpression ? messageOf(messageExpression, variables) : undefined
      const standard = message || `failed expression: ${expression.trim()}`
      failures.push({ message: said ?? standard, reason: reason || 'Invalid' })
    } catch (error) {
      failed(expression, error)
    }
  }
  return failures
}

/** What messageExpression says, if it says one line of text. */
function messageOf(expression: string, variables: Variables): string | undefined {
  try {
    const message = compileCel(expression).evaluate(variables)
    if (typeof message !== 'string' || message.trim() === '' || message.includes('\n')) return undefined
    return message
  } catch (error) {
    if (!(error instanceof CelError)) throw error
    return undefined
  }
}

function variablesFor(
  policy: Policy,
  params: KubeObject | undefined,
  object: KubeObject | undefined,
  attributes: Attributes,
  view: AdmissionView,
): Variables {
  const namespace = attributes.kind.isNamespaced ? view.get(Namespaces, '', attributes.namespace) : undefined
  const given: Record<string, unknown> = {
    object: object ? celValue(object) : null,
    oldObject: attributes.old ? celValue(attributes.old) : null,
    request: celValue(requestOf(attributes)),
    params: params ? celValue(params) : null,
    namespaceObject: namespace ? celValue(namespace) : null,
    authorizer: authorizerOf(attributes, view),
  }
  given.variables = variablesOf(policy, given)
  return given
}

/** The policy's own variables, each worked out when it is first asked for. */
function variablesOf(policy: Policy, given: Variables): object {
  const known = {}
  for (const { name, expression } of policy.spec.variables ?? []) {
    let value: { readonly is: unknown } | undefined
    Object.defineProperty(known, name, {
      enumerable: true,
      get() {
        value ??= { is: compileCel(expression).evaluate(given) }
        return value.is
      },
    })
  }
  return known
}

/** What the policy is evaluated with, once each; a text says why it cannot be. */
function paramsOf(
  policy: Policy,
  { spec }: Binding,
  attributes: Attributes,
  view: AdmissionView,
): readonly (KubeObject | undefined)[] | string {
  const { paramKind } = policy.spec
  const { paramRef } = spec
  if (!paramKind || !paramRef) return [undefined]
  const kind = view.kindOf(paramKind.apiVersion ?? '', paramKind.kind ?? '')
  if (!kind) {
    return `failed to configure policy: failed to find resource referenced by paramKind: '${paramKind.apiVersion}, Kind=${paramKind.kind}'`
  }
  const namespace = kind.isNamespaced ? (paramRef.namespace ?? attributes.namespace) : ''
  const found: readonly KubeObject[] = paramRef.name
    ? [view.get<KubeObject>(kind, namespace, paramRef.name)].filter(one => one !== undefined)
    : view
        .list<KubeObject>(kind, namespace)
        .filter(({ metadata }) => labelSelector(paramRef.selector).matches(metadata.labels))
  if (found.length > 0) return found
  if (paramRef.parameterNotFoundAction === 'Allow') return []
  return 'failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction'
}

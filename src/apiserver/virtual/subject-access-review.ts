/**
 * Whether somebody may do something. Mirrors pkg/registry/authorization/{,local,self}subjectaccessreview and
 * pkg/apis/authorization/validation.
 */
import {
  type AnyKind,
  type FieldError,
  field,
  type KubeObject,
  type LocalSubjectAccessReview,
  LocalSubjectAccessReviews,
  type SelfSubjectAccessReview,
  SelfSubjectAccessReviews,
  type SubjectAccessReview,
  SubjectAccessReviews,
} from '../../api/index.ts'
import type { UserInfo } from '../../client/index.ts'
import type { AccessAttributes } from '../authorization/authorizer.ts'
import { type Core, refuse, statuses } from '../core.ts'
import type { VirtualHandler } from './handler.ts'
import { emptyMetadata, saysSomething } from './metadata.ts'

type SelfSpec = SelfSubjectAccessReview['spec']
type Spec = SubjectAccessReview['spec']

export const SUBJECT_ACCESS_REVIEW: VirtualHandler = {
  kind: SubjectAccessReviews,
  answer(core, _call, asked) {
    const spec = (asked as SubjectAccessReview).spec ?? {}
    const errors = [...validateAttributes(spec), ...validateSubject(spec)]
    if (saysSomething(asked)) errors.push(metadataMustBeEmpty(asked))
    refuseIfAny(SubjectAccessReviews, asked, errors)
    return decided(core, asked, subjectOf(spec), attributesIn(spec))
  },
}

export const LOCAL_SUBJECT_ACCESS_REVIEW: VirtualHandler = {
  kind: LocalSubjectAccessReviews,
  answer(core, { request }, asked) {
    const spec = (asked as LocalSubjectAccessReview).spec ?? {}
    const { namespace } = request
    const errors = [...validateAttributes(spec), ...validateSubject(spec)]
    if (saysSomething(asked, 'namespace')) errors.push(metadataMustBeEmpty(asked))
    if (spec.nonResourceAttributes) {
      const why = 'disallowed on this kind of request'
      errors.push(field.invalidValue('spec.nonResourceAttributes', spec.nonResourceAttributes, why))
    }
    refuseIfAny(LocalSubjectAccessReviews, asked, errors)
    const inside = spec.resourceAttributes?.namespace || namespace
    if (inside !== namespace) {
      refuse(statuses.badRequest(`spec.resourceAttributes.namespace must match namespace: ${namespace}`))
    }
    return decided(core, asked, subjectOf(spec), { ...attributesIn(spec), namespace })
  },
}

export const SELF_SUBJECT_ACCESS_REVIEW: VirtualHandler = {
  kind: SelfSubjectAccessReviews,
  answer(core, { user }, asked) {
    const spec = (asked as SelfSubjectAccessReview).spec ?? {}
    const errors = validateAttributes(spec)
    if (saysSomething(asked)) errors.push(metadataMustBeEmpty(asked))
    refuseIfAny(SelfSubjectAccessReviews, asked, errors)
    return decided(core, asked, user, attributesIn(spec))
  },
}

function decided({ access }: Core, asked: KubeObject, user: UserInfo, attributes: AccessAttributes): object {
  const { verdict, reason, error } = access.authorizer.decide(user, attributes)
  const status = {
    allowed: verdict === 'allow',
    ...(verdict === 'deny' && { denied: true }),
    ...(reason && { reason }),
    ...(error && { evaluationError: error }),
  }
  return { ...asked, metadata: emptyMetadata(asked), status }
}

function subjectOf({ user = '', groups = [], uid, extra }: Spec): UserInfo {
  return { name: user, groups, ...(uid && { uid }), ...(extra && { extra }) }
}

function attributesIn({ resourceAttributes, nonResourceAttributes }: SelfSpec): AccessAttributes {
  const { verb = '', path = '' } = nonResourceAttributes ?? {}
  if (!resourceAttributes) {
    return { verb, path, group: '', resource: '', subresource: '', namespace: '', name: '' }
  }
  const given = resourceAttributes as typeof resourceAttributes & Selecting
  const { group = '', version, resource = '', subresource = '', namespace = '', name = '' } = given
  const fieldSelector = given.fieldSelector && selectorText(given.fieldSelector)
  return { verb: given.verb ?? '', group, version, resource, subresource, namespace, name, fieldSelector }
}

/** What 1.33 has beyond the published types: the selectors of a list or watch. */
interface Selecting {
  readonly fieldSelector?: {
    readonly rawSelector?: string
    readonly requirements?: readonly {
      readonly key: string
      readonly operator: string
      readonly values?: readonly string[]
    }[]
  }
}

/** Requirements that cannot be put as `key=value` only narrow what is asked: they are left out, as upstream does. */
function selectorText({ rawSelector, requirements }: NonNullable<Selecting['fieldSelector']>): string {
  if (rawSelector) return rawSelector
  return (requirements ?? [])
    .filter(({ operator, values }) => operator === 'In' && values?.length === 1)
    .map(({ key, values }) => `${key}=${values![0]}`)
    .join(',')
}

function validateAttributes({ resourceAttributes, nonResourceAttributes }: SelfSpec): FieldError[] {
  const path = 'spec.resourceAttributes'
  if (resourceAttributes && nonResourceAttributes) {
    const why = 'cannot be specified in combination with resourceAttributes'
    return [field.invalidValue('spec.nonResourceAttributes', nonResourceAttributes, why)]
  }
  if (resourceAttributes || nonResourceAttributes) return []
  const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified'
  return [field.invalidValue(path, null, why)]
}

function validateSubject({ user, groups }: Spec): FieldError[] {
  if (user || groups?.length) return []
  return [field.invalidValue('spec.user', user ?? '', 'at least one of user or group must be specified')]
}

function metadataMustBeEmpty({ metadata }: KubeObject): FieldError {
  return field.invalidValue('metadata', metadata, 'must be empty')
}

function refuseIfAny(kind: AnyKind, { metadata }: KubeObject, errors: readonly FieldError[]): void {
  if (errors.length > 0) refuse(statuses.invalid(kind, metadata.name ?? '', errors))
}

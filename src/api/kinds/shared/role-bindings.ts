/** What RoleBindings and ClusterRoleBindings have in common. Mirrors pkg/apis/rbac (defaults, validation, columns). */
import { semanticEqual } from '../../deep-equal.ts'
import type { Column } from '../../define-kind.ts'
import { type FieldError, invalidValue, notSupported, required } from '../../field-error.ts'
import type { KubeObject } from '../../object.ts'
import { isDns1123Subdomain, isPathSegment } from '../../validation/index.ts'
import { column, wideColumn } from './columns.ts'
import { fill, mapKept, withField } from './fill.ts'
import { checkMetadata, checkMetadataUpdate } from './metadata.ts'
import { RBAC_GROUP } from './policy-rules.ts'
import { checkText } from './rules.ts'

/** Who is given a role. */
export interface Subject {
  readonly kind: string
  /** '' for service accounts. */
  readonly apiGroup?: string
  readonly name: string
  /** Of a service account. */
  readonly namespace?: string
}

/** Which role is given. */
export interface RoleRef {
  readonly apiGroup: string
  readonly kind: string
  readonly name: string
}

/** A RoleBinding or a ClusterRoleBinding. */
export interface Binding extends KubeObject {
  subjects?: readonly Subject[]
  roleRef: RoleRef
}

export function completeBinding<T extends Binding>(binding: T): T {
  const { roleRef, subjects } = binding
  let complete = binding
  if (roleRef) complete = withField(complete, 'roleRef', fill(roleRef, { apiGroup: RBAC_GROUP }))
  if (subjects) complete = withField(complete, 'subjects', mapKept(subjects, completeSubject))
  return complete
}

function completeSubject(subject: Subject): Subject {
  return subject.kind === 'User' || subject.kind === 'Group'
    ? fill(subject, { apiGroup: RBAC_GROUP })
    : subject
}

export function validateBinding(binding: Binding, isNamespaced: boolean): FieldError[] {
  const kinds = isNamespaced ? ['Role', 'ClusterRole'] : ['ClusterRole']
  const { apiGroup = '', kind = '', name = '' } = binding.roleRef ?? {}
  const errors = checkMetadata(binding, isPathSegment, isNamespaced)
  if (apiGroup !== RBAC_GROUP) errors.push(notSupported('roleRef.apiGroup', apiGroup, [RBAC_GROUP]))
  if (!kinds.includes(kind)) errors.push(notSupported('roleRef.kind', kind, kinds))
  if (name === '') errors.push(required('roleRef.name'))
  else errors.push(...checkText(name, 'roleRef.name', isPathSegment))
  binding.subjects?.forEach((subject, index) => {
    errors.push(...validateSubject(subject, isNamespaced, `subjects[${index}]`))
  })
  return errors
}

function validateSubject(subject: Subject, isNamespaced: boolean, path: string): FieldError[] {
  const { kind = '', apiGroup = '', name = '', namespace = '' } = subject
  const errors: FieldError[] = []
  if (name === '') errors.push(required(`${path}.name`))
  switch (kind) {
    case 'ServiceAccount':
      if (name !== '') errors.push(...checkText(name, `${path}.name`, isDns1123Subdomain))
      if (apiGroup !== '') errors.push(notSupported(`${path}.apiGroup`, apiGroup, ['']))
      if (!isNamespaced && namespace === '') errors.push(required(`${path}.namespace`))
      break
    case 'User':
    case 'Group':
      if (apiGroup !== RBAC_GROUP) errors.push(notSupported(`${path}.apiGroup`, apiGroup, [RBAC_GROUP]))
      break
    default:
      errors.push(notSupported(`${path}.kind`, kind, ['ServiceAccount', 'User', 'Group']))
  }
  return errors
}

export function validateBindingUpdate(next: Binding, old: Binding, isNamespaced: boolean): FieldError[] {
  const errors = [...checkMetadataUpdate(next, old), ...validateBinding(next, isNamespaced)]
  if (!semanticEqual(next.roleRef, old.roleRef)) {
    errors.push(invalidValue('roleRef', next.roleRef, 'cannot change roleRef'))
  }
  return errors
}

export const bindingColumns: readonly Column<Binding>[] = [
  column('Role', 'string', ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`),
  wideColumn('Users', binding => subjectNames(binding, 'User')),
  wideColumn('Groups', binding => subjectNames(binding, 'Group')),
  wideColumn('ServiceAccounts', binding => subjectNames(binding, 'ServiceAccount')),
]

function subjectNames({ subjects }: Binding, kind: string): string {
  const found = (subjects ?? []).filter(subject => subject.kind === kind)
  return found
    .map(({ name, namespace }) => (kind === 'ServiceAccount' ? `${namespace}/${name}` : name))
    .join(', ')
}

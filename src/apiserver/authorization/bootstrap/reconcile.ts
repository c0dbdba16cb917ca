/**
 * Gives roles and bindings of the bootstrap policy back what somebody has taken from them, unless they say that they are
 * not to be updated. Mirrors k8s.io/component-helpers/auth/rbac/reconciliation as the rbac/bootstrap-roles hook uses it:
 * it adds and never takes away.
 */
import { type Binding, deepEqual, type KubeObject, type Role, type Subject } from '../../../api/index.ts'
import { uncovered } from '../escalation.ts'
import type { PolicyObject } from './policy.ts'

const AUTOUPDATE = 'rbac.authorization.kubernetes.io/autoupdate'

/** The stored object with what it lacks of the policy's; undefined when it lacks nothing. */
export function reconciled(stored: KubeObject, wanted: PolicyObject): KubeObject | undefined {
  if (wanted.annotations?.[AUTOUPDATE] === undefined) return undefined
  if (stored.metadata.annotations?.[AUTOUPDATE] === 'false') return undefined
  const labels = { ...wanted.labels, ...stored.metadata.labels }
  const annotations = { ...wanted.annotations, ...stored.metadata.annotations }
  const metadata = { ...stored.metadata, labels, annotations }
  const next = { ...stored, metadata, ...additions(stored, wanted) }
  return deepEqual(next, stored) ? undefined : next
}

function additions(stored: KubeObject, { fields }: PolicyObject): object {
  if ('roleRef' in fields) {
    const { subjects: wanted = [] } = fields as Pick<Binding, 'subjects'>
    const { subjects = [] } = stored as Binding
    const isThere = (subject: Subject) => subjects.some(one => isSameSubject(one, subject))
    const missing = wanted.filter(subject => !isThere(subject))
    return missing.length > 0 ? { subjects: [...subjects, ...missing] } : {}
  }
  // What is gathered is the aggregation controller's to write.
  if ('aggregationRule' in fields) return {}
  const { rules: wanted } = fields as Required<Pick<Role, 'rules'>>
  const rules = (stored as Role).rules ?? []
  const missing = uncovered(rules, wanted)
  return missing.length > 0 ? { rules: [...rules, ...missing] } : {}
}

function isSameSubject(a: Subject, b: Subject): boolean {
  return (
    a.kind === b.kind &&
    a.name === b.name &&
    (a.namespace ?? '') === (b.namespace ?? '') &&
    (a.apiGroup ?? '') === (b.apiGroup ?? '')
  )
}

/**
 * Which names a CustomResourceDefinition gets: first come, first served within its group. Mirrors
 * `pkg/controller/status/naming_controller.go`, and `establish` after it, which here does not wait.
 */
import { type CustomResourceDefinition, findCondition, semanticEqual } from '../../api/index.ts'

type Status = CustomResourceDefinition['status']
type Names = NonNullable<Status['acceptedNames']>
type Condition = NonNullable<Status['conditions']>[number]

/** The status with names and conditions as they should be; the same when nothing changes. `others` are the group's. */
export function namedStatus(
  definition: CustomResourceDefinition,
  others: readonly CustomResourceDefinition[],
  timestamp: string,
): Status {
  const { status } = definition
  const { names, conflict } = acceptedNames(definition, others)
  const conditions = [...(status.conditions ?? [])]
  const set = (type: string, isTrue: boolean, reason: string, message: string) => {
    const at = conditions.findIndex(condition => condition.type === type)
    const old = conditions[at]
    const wanted = isTrue ? 'True' : 'False'
    const since = old?.status === wanted ? old.lastTransitionTime : timestamp
    const condition: Condition = { type, status: wanted, lastTransitionTime: since, reason, message }
    if (at < 0) conditions.push(condition)
    else conditions[at] = condition
  }
  const isEstablished = findCondition(definition, 'Established')?.status === 'True'
  if (conflict) {
    set('NamesAccepted', false, conflict.reason, conflict.message)
    // Who is established stays so.
    if (!isEstablished) set('Established', false, 'NotAccepted', 'not all names are accepted')
  } else {
    set('NamesAccepted', true, 'NoConflicts', 'no conflicts found')
    if (!isEstablished) set('Established', true, 'InitialNamesAccepted', INITIAL)
  }
  const next: Status = { ...status, acceptedNames: names, conditions }
  return semanticEqual(next, status) ? status : next
}

const INITIAL = 'the initial names have been accepted'

interface Accepted {
  readonly names: Names
  readonly conflict: { readonly reason: string; readonly message: string } | undefined
}

/** Wanted names as far as nobody else in the group has them, the present ones in place of those. */
function acceptedNames(
  definition: CustomResourceDefinition,
  others: readonly CustomResourceDefinition[],
): Accepted {
  const { names: wanted } = definition.spec
  const present = definition.status.acceptedNames
  const resources = new Set<string>()
  const kinds = new Set<string>()
  for (const { status } of others) {
    const taken = status.acceptedNames
    if (!taken) continue
    for (const name of [taken.plural, taken.singular, ...(taken.shortNames ?? [])])
      if (name) resources.add(name)
    for (const name of [taken.kind, taken.listKind]) if (name) kinds.add(name)
  }
  let conflict: Accepted['conflict']
  const refuse = (reason: string, name: string) => {
    conflict ??= { reason, message: `${JSON.stringify(name)} is already in use` }
  }
  const pick = (
    field: 'plural' | 'singular' | 'kind' | 'listKind',
    taken: ReadonlySet<string>,
    reason: string,
  ) => {
    const name = wanted[field] ?? ''
    if (!taken.has(name)) return name
    refuse(reason, name)
    return present?.[field] ?? ''
  }
  const plural = pick('plural', resources, 'PluralConflict')
  const singular = pick('singular', resources, 'SingularConflict')
  const badShortNames = (wanted.shortNames ?? []).filter(name => resources.has(name))
  if (badShortNames.length > 0) {
    conflict ??= {
      reason: 'ShortNamesConflict',
      message: badShortNames.map(name => `${JSON.stringify(name)} is already in use`).join(', '),
    }
  }
  const shortNames = badShortNames.length > 0 ? present?.shortNames : wanted.shortNames
  const kind = pick('kind', kinds, 'KindConflict')
  const listKind = pick('listKind', kinds, 'ListKindConflict')
  const names: Names = {
    plural,
    ...(singular && { singular }),
    ...(shortNames && { shortNames }),
    kind,
    ...(listKind && { listKind }),
    ...(wanted.categories && { categories: wanted.categories }),
  }
  return { names, conflict }
}

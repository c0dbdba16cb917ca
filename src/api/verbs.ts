/** What can be asked of a resource, as discovery lists it. */
import type { AnyKind } from './define-kind.ts'

const EVERY_VERB = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']
const CUSTOM_VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']

/** The verbs of a resource itself, in the order in which the server lists them. */
export function verbsOf(kind: AnyKind): readonly string[] {
  if (kind.verbs) return kind.verbs
  if (kind.isVirtual) return ['create']
  return kind.definedBy ? CUSTOM_VERBS : EVERY_VERB
}

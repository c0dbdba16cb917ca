/**
 * Nothing is created in a namespace that is missing or on its way out, and the namespaces the system lives in
 * are not deleted. Mirrors `plugin/namespace/lifecycle`.
 */
import { Namespaces, statuses } from '../../api/index.ts'
import { type AdmissionPlugin, nameIn, type Refusal } from './plugin.ts'

const IMMORTAL: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public'])

export const NAMESPACE_LIFECYCLE: AdmissionPlugin = {
  name: 'NamespaceLifecycle',

  handles(kind, operation) {
    if (kind === Namespaces) return operation === 'DELETE'
    return kind.isNamespaced && operation === 'CREATE'
  },

  admit(object, attributes, view) {
    const { kind, namespace } = attributes
    if (kind === Namespaces) {
      if (!IMMORTAL.has(attributes.name)) return undefined
      return no(statuses.forbidden(kind, attributes.name, 'this namespace may not be deleted'))
    }
    const home = view.get(Namespaces, '', namespace)
    if (!home) return no(statuses.notFound(Namespaces, namespace))
    if (home.status?.phase !== 'Terminating') return undefined
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`
    const status = statuses.forbidden(kind, nameIn(attributes, object), why)
    const cause = {
      reason: 'NamespaceTerminating',
      message: `namespace ${namespace} is being terminated`,
      field: 'metadata.namespace',
    }
    return no({ ...status, details: { ...status.details, causes: [cause] } })
  },
}

function no(refused: Refusal['refused']): Refusal {
  return { refused }
}

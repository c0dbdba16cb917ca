/**
 * How Namespaces are created, changed and deleted. Mirrors pkg/registry/core/namespace: `spec.finalizers` keep a
 * deleted namespace until the namespace controller has emptied it and says so through `namespaces/finalize`.
 */
import type { Strategy, SubresourceAction } from '../../define-kind.ts'
import { type FieldError, invalidValue } from '../../field-error.ts'
import { ApiError, invalid } from '../../status.ts'
import { isDns1123Label, validateFinalizers } from '../../validation/index.ts'
import { changeField, fill } from '../shared/fill.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import type { Namespace } from './types.ts'

const NAME_LABEL = 'kubernetes.io/metadata.name'
const OWN_FINALIZER = 'kubernetes'
const NAMESPACES = Object.freeze({ group: '', plural: 'namespaces', kind: 'Namespace' })

export const namespaceStrategy: Strategy<Namespace> = {
  defaults(namespace) {
    const labelled = withNameLabel(namespace)
    return changeField(fill(labelled, { spec: {}, status: {} }), 'status', status =>
      fill(status, { phase: 'Active' }),
    )
  },
  prepareForCreate(namespace) {
    const finalizers = namespace.spec.finalizers ?? []
    const hasOwn = finalizers.includes(OWN_FINALIZER)
    const spec = hasOwn ? namespace.spec : { ...namespace.spec, finalizers: [...finalizers, OWN_FINALIZER] }
    return withNameLabel({ ...namespace, spec, status: { phase: 'Active' } })
  },
  // Only `finalize` changes the finalizers.
  prepareForUpdate: (next, old) => ({ ...withNameLabel(next), spec: old.spec }),
  validate: namespace => [
    ...checkMetadata(namespace, isDns1123Label, false),
    ...validateFinalizers(namespace.spec.finalizers, 'spec.finalizers'),
  ],
  validateUpdate: checkMetadataUpdate,
  validateStatusUpdate: (next, old) => [...checkMetadataUpdate(next, old), ...validatePhase(next)],
  beginDelete: namespace => ({ ...namespace, status: { ...namespace.status, phase: 'Terminating' } }),
  isHeld: namespace => (namespace.spec.finalizers?.length ?? 0) > 0,
}

/** PUT namespaces/NAME/finalize: takes over spec.finalizers, and the namespace goes when none is left. */
export const finalizeNamespace: SubresourceAction<Namespace> = {
  verb: 'update',
  apply(namespace, body) {
    const { finalizers } = (body as Namespace).spec ?? {}
    const errors = validateFinalizers(finalizers, 'spec.finalizers')
    if (errors.length > 0) throw new ApiError(invalid(NAMESPACES, namespace.metadata.name, errors))
    return { ...namespace, spec: { ...namespace.spec, finalizers } }
  },
  respond: namespace => namespace,
}

function withNameLabel(namespace: Namespace): Namespace {
  const { name, labels } = namespace.metadata
  if (!name || labels?.[NAME_LABEL] === name) return namespace
  return { ...namespace, metadata: { ...namespace.metadata, labels: { ...labels, [NAME_LABEL]: name } } }
}

/** A namespace is Terminating exactly when it is being deleted. */
function validatePhase({ metadata, status }: Namespace): FieldError[] {
  if (!metadata.deletionTimestamp && status.phase !== 'Active') {
    const detail = "may only be 'Active' if `deletionTimestamp` is empty"
    return [invalidValue('status.Phase', status.phase, detail)]
  }
  if (metadata.deletionTimestamp && status.phase !== 'Terminating') {
    const detail = "may only be 'Terminating' if `deletionTimestamp` is not empty"
    return [invalidValue('status.Phase', status.phase, detail)]
  }
  return []
}

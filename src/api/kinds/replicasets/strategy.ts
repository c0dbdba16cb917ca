/** How ReplicaSets are created and changed. Mirrors pkg/registry/apps/replicaset and pkg/apis/apps/validation. */
import type { ReplicaSetSpec } from 'kubernetes-types/apps/v1.js'
import type { Strategy } from '../../define-kind.ts'
import type { FieldError } from '../../field-error.ts'
import { isDns1123Subdomain } from '../../validation/index.ts'
import { validatePodTemplate } from '../pods/rules.ts'
import { templateWarnings } from '../pods/warnings.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkCounts } from '../shared/rules.ts'
import {
  validateAtMost,
  validateLongRunning,
  validateSelector,
  validateSelectorKept,
  validateSelectorMatches,
} from '../shared/workload-rules.ts'
import { defaultReplicaSet } from './defaults.ts'
import type { ReplicaSet } from './types.ts'

export const replicaSetStrategy: Strategy<ReplicaSet> = {
  defaults: defaultReplicaSet,
  warnings: templateWarnings(set => set.spec?.template, 'spec.template'),
  prepareForCreate: set => ({ ...set, status: { replicas: 0 } }),
  validate: set => [...checkMetadata(set, isDns1123Subdomain), ...validateSpec(set.spec)],
  validateUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    if (next.spec === old.spec) return errors
    return [
      ...errors,
      ...validateSpec(next.spec),
      ...validateSelectorKept(next.spec.selector, old.spec.selector),
    ]
  },
  validateStatusUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    if (next.status === old.status) return errors
    const { status } = next
    const counts = ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'] as const
    return [
      ...errors,
      ...checkCounts(status, counts, 'status'),
      ...validateAtMost(status, counts, status.replicas, 'cannot be greater than status.replicas'),
      ...validateAtMost(
        status,
        ['availableReplicas'],
        status.readyReplicas,
        'cannot be greater than readyReplicas',
      ),
    ]
  },
}

function validateSpec(spec: ReplicaSetSpec): FieldError[] {
  return [
    ...checkCounts(spec, ['replicas', 'minReadySeconds'], 'spec'),
    ...validateSelector(spec.selector, 'deployment'),
    ...validateSelectorMatches(spec.selector, spec.template),
    ...validatePodTemplate(spec.template, 'spec.template'),
    ...validateLongRunning(spec.template, 'ReplicaSet'),
  ]
}

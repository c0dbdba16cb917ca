/** How StatefulSets are created and changed. Mirrors pkg/registry/apps/statefulset and pkg/apis/apps/validation. */
import type { StatefulSetSpec } from 'kubernetes-types/apps/v1.js'
import { semanticEqual } from '../../deep-equal.ts'
import type { Strategy } from '../../define-kind.ts'
import { type FieldError, fieldForbidden, invalidValue, required } from '../../field-error.ts'
import { isDns1123Label, validateAnnotations, validateLabels } from '../../validation/index.ts'
import { templateWarnings } from '../pods/warnings.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkCounts, checkOneOf } from '../shared/rules.ts'
import {
  validateAtMost,
  validateLongRunning,
  validateNotDecremented,
  validateSelector,
  validateSelectorMatches,
} from '../shared/workload-rules.ts'
import { defaultStatefulSet } from './defaults.ts'
import type { StatefulSet } from './types.ts'

const FORBIDDEN =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', " +
  "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"

export const statefulSetStrategy: Strategy<StatefulSet> = {
  defaults: defaultStatefulSet,
  warnings: templateWarnings(set => set.spec?.template, 'spec.template'),
  prepareForCreate: set => ({ ...set, status: { replicas: 0, availableReplicas: 0 } }),
  validate: set => [...checkMetadata(set, isDns1123Label), ...validateSpec(set.spec)],
  validateUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    if (next.spec === old.spec) return errors
    errors.push(...validateSpec(next.spec))
    const { spec } = old
    const masked: StatefulSetSpec = {
      ...next.spec,
      replicas: spec.replicas,
      ordinals: spec.ordinals,
      template: spec.template,
      updateStrategy: spec.updateStrategy,
      revisionHistoryLimit: spec.revisionHistoryLimit,
      persistentVolumeClaimRetentionPolicy: spec.persistentVolumeClaimRetentionPolicy,
      minReadySeconds: spec.minReadySeconds,
    }
    if (!semanticEqual(masked, spec)) errors.push(fieldForbidden('spec', FORBIDDEN))
    return errors
  },
  validateStatusUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    if (next.status === old.status) return errors
    const { status } = next
    const counts = ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'] as const
    return [
      ...errors,
      ...checkCounts(status, ['replicas', ...counts, 'observedGeneration'], 'status'),
      ...validateAtMost(status, counts, status.replicas, 'cannot be greater than status.replicas'),
      ...validateAtMost(
        status,
        ['availableReplicas'],
        status.readyReplicas,
        'cannot be greater than status.readyReplicas',
      ),
      ...validateNotDecremented(status.collisionCount, old.status.collisionCount, 'status.collisionCount'),
    ]
  },
}

function validateSpec(spec: StatefulSetSpec): FieldError[] {
  const errors: FieldError[] = []
  const { podManagementPolicy: policy } = spec
  if (policy !== 'OrderedReady' && policy !== 'Parallel') {
    const detail = "must be 'OrderedReady' or 'Parallel'"
    errors.push(invalidValue('spec.podManagementPolicy', policy, detail))
  }
  errors.push(...validateUpdateStrategy(spec.updateStrategy ?? {}, 'spec.updateStrategy'))
  const retention = spec.persistentVolumeClaimRetentionPolicy
  for (const field of ['whenDeleted', 'whenScaled'] as const) {
    if (!retention) break
    const path = `spec.persistentVolumeClaimRetentionPolicy.${field}`
    errors.push(...checkOneOf(retention[field], path, ['Retain', 'Delete']))
  }
  errors.push(...checkCounts(spec, ['replicas', 'minReadySeconds', 'revisionHistoryLimit'], 'spec'))
  if (spec.ordinals) errors.push(...checkCounts(spec.ordinals, ['start'], 'spec.ordinals'))
  errors.push(...validateSelector(spec.selector, 'statefulset'))
  errors.push(...validateSelectorMatches(spec.selector, spec.template))
  // As upstream: volumes of claims are not in the template, so its pods are only checked when they are made.
  errors.push(...validateLabels(spec.template?.metadata?.labels, 'spec.template.labels'))
  errors.push(...validateAnnotations(spec.template?.metadata?.annotations, 'spec.template.annotations'))
  errors.push(...validateLongRunning(spec.template, 'StatefulSet'))
  return errors
}

function validateUpdateStrategy(
  strategy: NonNullable<StatefulSetSpec['updateStrategy']>,
  path: string,
): FieldError[] {
  const { type, rollingUpdate } = strategy
  switch (type) {
    case undefined:
      return [required(path)]
    case 'OnDelete': {
      const detail = "only allowed for updateStrategy 'RollingUpdate'"
      return rollingUpdate ? [invalidValue(`${path}.rollingUpdate`, rollingUpdate, detail)] : []
    }
    case 'RollingUpdate':
      return rollingUpdate ? checkCounts(rollingUpdate, ['partition'], `${path}.rollingUpdate`) : []
    default:
      return [invalidValue(path, strategy, "must be 'RollingUpdate' or 'OnDelete'")]
  }
}

/** How Deployments are created and changed. Mirrors pkg/registry/apps/deployment and pkg/apis/apps/validation. */
import type { DeploymentSpec, DeploymentStrategy } from 'kubernetes-types/apps/v1.js'
import type { Strategy } from '../../define-kind.ts'
import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../../field-error.ts'
import { isDns1123Subdomain } from '../../validation/index.ts'
import { validatePodTemplate } from '../pods/rules.ts'
import { templateWarnings } from '../pods/warnings.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkAtMostAll, checkCountOrPercent, checkCounts, numberOf } from '../shared/rules.ts'
import {
  validateAtMost,
  validateLongRunning,
  validateNotDecremented,
  validateSelector,
  validateSelectorKept,
  validateSelectorMatches,
} from '../shared/workload-rules.ts'
import { defaultDeployment } from './defaults.ts'
import type { Deployment } from './types.ts'

export const deploymentStrategy: Strategy<Deployment> = {
  defaults: defaultDeployment,
  warnings: templateWarnings(deployment => deployment.spec?.template, 'spec.template'),
  prepareForCreate: deployment => ({ ...deployment, status: {} }),
  validate: deployment => [
    ...checkMetadata(deployment, isDns1123Subdomain),
    ...validateSpec(deployment.spec),
  ],
  validateUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    if (next.spec === old.spec) return errors
    return [
      ...errors,
      ...validateSpec(next.spec),
      ...validateSelectorKept(next.spec.selector, old.spec.selector),
    ]
  },
  prepareForStatusUpdate(next, old) {
    const { labels } = old.metadata
    return next.metadata.labels === labels ? next : { ...next, metadata: { ...next.metadata, labels } }
  },
  validateStatusUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    if (next.status === old.status) return errors
    const { status } = next
    const counts = ['updatedReplicas', 'readyReplicas', 'availableReplicas'] as const
    return [
      ...errors,
      ...checkCounts(status, ['observedGeneration', 'replicas', ...counts, 'unavailableReplicas'], 'status'),
      ...validateAtMost(status, counts, status.replicas, 'cannot be greater than status.replicas'),
      ...validateAtMost(
        status,
        ['availableReplicas'],
        status.readyReplicas,
        'cannot be greater than readyReplicas',
      ),
      ...validateNotDecremented(status.collisionCount, old.status.collisionCount, 'status.collisionCount'),
    ]
  },
}

function validateSpec(spec: DeploymentSpec): FieldError[] {
  const errors = [
    ...checkCounts(spec, ['replicas'], 'spec'),
    ...validateSelector(spec.selector, 'deployment'),
    ...validateSelectorMatches(spec.selector, spec.template),
    ...validatePodTemplate(spec.template, 'spec.template'),
    ...validateLongRunning(spec.template, 'ReplicaSet'),
    ...validateStrategy(spec.strategy ?? {}, 'spec.strategy'),
    ...checkCounts(spec, ['minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds'], 'spec'),
  ]
  const { progressDeadlineSeconds: deadline, minReadySeconds = 0 } = spec
  if (deadline != null && deadline <= minReadySeconds) {
    const path = 'spec.progressDeadlineSeconds'
    errors.push(invalidValue(path, deadline, 'must be greater than minReadySeconds'))
  }
  return errors
}

function validateStrategy(strategy: DeploymentStrategy, path: string): FieldError[] {
  const { type, rollingUpdate } = strategy
  const rollingPath = `${path}.rollingUpdate`
  switch (type) {
    case 'Recreate': {
      const detail = "may not be specified when strategy `type` is 'Recreate'"
      return rollingUpdate ? [fieldForbidden(rollingPath, detail)] : []
    }
    case 'RollingUpdate':
      break
    default:
      return [notSupported(path, type, ['Recreate', 'RollingUpdate'])]
  }
  if (!rollingUpdate) return [required(rollingPath, 'this should be defaulted and never be nil')]
  const { maxUnavailable, maxSurge } = rollingUpdate
  const errors = [
    ...checkCountOrPercent(maxUnavailable, `${rollingPath}.maxUnavailable`),
    ...checkCountOrPercent(maxSurge, `${rollingPath}.maxSurge`),
  ]
  if (numberOf(maxUnavailable) === 0 && numberOf(maxSurge) === 0) {
    const detail = 'may not be 0 when `maxSurge` is 0'
    errors.push(invalidValue(`${rollingPath}.maxUnavailable`, maxUnavailable, detail))
  }
  errors.push(...checkAtMostAll(maxUnavailable, `${rollingPath}.maxUnavailable`))
  return errors
}

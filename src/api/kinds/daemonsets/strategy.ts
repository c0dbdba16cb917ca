/** How DaemonSets are created and changed. Mirrors pkg/registry/apps/daemonset and pkg/apis/apps/validation. */
import type { DaemonSetSpec, DaemonSetUpdateStrategy } from 'kubernetes-types/apps/v1.js'
import { semanticEqual } from '../../deep-equal.ts'
import type { Strategy } from '../../define-kind.ts'
import { type FieldError, invalidValue, notSupported, required } from '../../field-error.ts'
import { isDns1123Subdomain } from '../../validation/index.ts'
import { validatePodTemplate } from '../pods/rules.ts'
import { templateWarnings } from '../pods/warnings.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkAtMostAll, checkCountOrPercent, checkCounts, numberOf } from '../shared/rules.ts'
import {
  validateLongRunning,
  validateNotDecremented,
  validateSelector,
  validateSelectorKept,
  validateSelectorMatches,
} from '../shared/workload-rules.ts'
import { defaultDaemonSet } from './defaults.ts'
import type { DaemonSet } from './types.ts'

/** A field of old versions that apps/v1 carries on as an annotation: raised with every change of the template. */
const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation'

export const daemonSetStrategy: Strategy<DaemonSet> = {
  defaults: defaultDaemonSet,
  warnings: templateWarnings(set => set.spec?.template, 'spec.template'),
  prepareForCreate: set => ({
    ...withTemplateGeneration(set, 1),
    status: {
      currentNumberScheduled: 0,
      numberMisscheduled: 0,
      desiredNumberScheduled: 0,
      numberReady: 0,
    },
  }),
  prepareForUpdate(next, old) {
    const before = Number(old.metadata.annotations?.[TEMPLATE_GENERATION] ?? 0)
    const isSame = next.spec === old.spec || semanticEqual(next.spec.template, old.spec.template)
    return withTemplateGeneration(next, isSame ? before : before + 1)
  },
  validate: set => [...checkMetadata(set, isDns1123Subdomain), ...validateSpec(set.spec)],
  validateUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    if (next.spec === old.spec) return errors
    return [
      ...errors,
      ...validateSelectorKept(next.spec.selector, old.spec.selector),
      ...validateSpec(next.spec),
    ]
  },
  validateStatusUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    if (next.status === old.status) return errors
    const { status } = next
    return [
      ...errors,
      ...checkCounts(status, COUNTS, 'status'),
      ...validateNotDecremented(status.collisionCount, old.status.collisionCount, 'status.collisionCount'),
    ]
  },
}

const COUNTS = [
  'currentNumberScheduled',
  'numberMisscheduled',
  'desiredNumberScheduled',
  'numberReady',
  'observedGeneration',
  'updatedNumberScheduled',
  'numberAvailable',
  'numberUnavailable',
] as const

function withTemplateGeneration(set: DaemonSet, generation: number): DaemonSet {
  const { annotations } = set.metadata
  if (annotations?.[TEMPLATE_GENERATION] === `${generation}`) return set
  const marked = { ...annotations, [TEMPLATE_GENERATION]: `${generation}` }
  return { ...set, metadata: { ...set.metadata, annotations: marked } }
}

function validateSpec(spec: DaemonSetSpec): FieldError[] {
  return [
    ...validateSelector(spec.selector, 'daemonset'),
    ...validateSelectorMatches(spec.selector, spec.template),
    ...validatePodTemplate(spec.template, 'spec.template'),
    ...validateLongRunning(spec.template, 'DaemonSet'),
    ...checkCounts(spec, ['minReadySeconds', 'revisionHistoryLimit'], 'spec'),
    ...validateUpdateStrategy(spec.updateStrategy ?? {}, 'spec.updateStrategy'),
  ]
}

function validateUpdateStrategy(strategy: DaemonSetUpdateStrategy, path: string): FieldError[] {
  const { type, rollingUpdate } = strategy
  if (type === 'OnDelete') return []
  if (type !== 'RollingUpdate') return [notSupported(path, type, ['RollingUpdate', 'OnDelete'])]
  if (!rollingUpdate) return [required(`${path}.rollingUpdate`)]
  const [unavailablePath, surgePath] = [
    `${path}.rollingUpdate.maxUnavailable`,
    `${path}.rollingUpdate.maxSurge`,
  ]
  const { maxUnavailable, maxSurge } = rollingUpdate
  const errors = [
    ...checkCountOrPercent(maxUnavailable, unavailablePath),
    ...checkCountOrPercent(maxSurge, surgePath),
    ...checkAtMostAll(maxUnavailable, unavailablePath),
    ...checkAtMostAll(maxSurge, surgePath),
  ]
  const [unavailable, surge] = [numberOf(maxUnavailable), numberOf(maxSurge)]
  if (unavailable !== 0 && surge !== 0) {
    errors.push(invalidValue(surgePath, maxSurge, 'may not be set when maxUnavailable is non-zero'))
  } else if (unavailable === 0 && surge === 0) {
    errors.push(required(unavailablePath, 'cannot be 0 when maxSurge is 0'))
  }
  return errors
}

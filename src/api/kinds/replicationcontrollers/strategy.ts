/** How ReplicationControllers are created and changed. Mirrors pkg/registry/core/replicationcontroller. */
import type { ReplicationControllerSpec } from 'kubernetes-types/core/v1.js'
import type { Strategy } from '../../define-kind.ts'
import { type FieldError, required } from '../../field-error.ts'
import { isDns1123Subdomain } from '../../validation/index.ts'
import { defaultPodTemplate } from '../pods/defaults.ts'
import { validatePodTemplate } from '../pods/rules.ts'
import { templateWarnings } from '../pods/warnings.ts'
import { changeField, decoding, fill } from '../shared/fill.ts'
import { counted } from '../shared/generation.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkCounts } from '../shared/rules.ts'
import { validateAtMost, validateLongRunning, validateSelectorMatches } from '../shared/workload-rules.ts'
import type { ReplicationController } from './types.ts'

const NO_STATUS = Object.freeze({ replicas: 0 })

export const replicationControllerStrategy: Strategy<ReplicationController> = {
  defaults: decoding('ReplicationController', 'v1', defaultController),
  warnings: templateWarnings(controller => controller.spec?.template, 'spec.template'),
  prepareForCreate: controller => counted({ ...controller, status: NO_STATUS }),
  validate: controller => [
    ...checkMetadata(controller, isDns1123Subdomain),
    ...validateSpec(controller.spec ?? {}),
  ],
  validateUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    return next.spec === old.spec ? errors : [...errors, ...validateSpec(next.spec)]
  },
  validateStatusUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    if (next.status === old.status) return errors
    const counts = ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'] as const
    const detail = 'cannot be greater than status.replicas'
    return [
      ...errors,
      ...checkCounts(next.status, ['replicas', ...counts, 'observedGeneration'], 'status'),
      ...validateAtMost(next.status, counts, next.status.replicas, detail),
    ]
  },
  // Of the days when clients deleted the pods themselves.
  defaultPropagation: 'Orphan',
}

/** What is not said is taken from the labels of the template. */
function defaultController(controller: ReplicationController): ReplicationController {
  const labels = controller.spec?.template?.metadata?.labels
  const withSpec = changeField(controller, 'spec', spec => {
    const complete = fill(spec, { replicas: 1 })
    const isOpen = Object.keys(complete.selector ?? {}).length === 0
    const selected = labels && isOpen ? { ...complete, selector: labels } : complete
    return changeField(selected, 'template', defaultPodTemplate)
  })
  const isLabelled = Object.keys(withSpec.metadata.labels ?? {}).length > 0
  return labels && !isLabelled ? { ...withSpec, metadata: { ...withSpec.metadata, labels } } : withSpec
}

function validateSpec(spec: ReplicationControllerSpec): FieldError[] {
  const errors = checkCounts(spec, ['minReadySeconds', 'replicas'], 'spec')
  const { selector, template } = spec
  if (Object.keys(selector ?? {}).length === 0) errors.push(required('spec.selector'))
  if (!template) return [...errors, required('spec.template')]
  return [
    ...errors,
    ...(selector ? validateSelectorMatches({ matchLabels: selector }, template) : []),
    ...validatePodTemplate(template, 'spec.template'),
    ...validateLongRunning(template, 'ReplicationController'),
  ]
}

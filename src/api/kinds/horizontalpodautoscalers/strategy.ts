/** How HorizontalPodAutoscalers are created and changed. Mirrors pkg/registry/autoscaling/horizontalpodautoscaler. */
import type { Strategy } from '../../define-kind.ts'
import { isDns1123Subdomain } from '../../validation/index.ts'
import { uncounted } from '../shared/generation.ts'
import { checkMetadata, checkMetadataUpdate } from '../shared/metadata.ts'
import { checkCounts } from '../shared/rules.ts'
import { defaultHorizontalPodAutoscaler } from './defaults.ts'
import { validateHorizontalPodAutoscalerSpec } from './rules.ts'
import type { HorizontalPodAutoscaler } from './types.ts'

const NO_STATUS = Object.freeze({ currentMetrics: null as never, desiredReplicas: 0 })

export const horizontalPodAutoscalerStrategy: Strategy<HorizontalPodAutoscaler> = {
  defaults: defaultHorizontalPodAutoscaler,
  prepareForCreate: autoscaler => uncounted({ ...autoscaler, status: NO_STATUS }),
  validate: autoscaler => [
    ...checkMetadata(autoscaler, isDns1123Subdomain),
    ...validateHorizontalPodAutoscalerSpec(autoscaler.spec ?? {}),
  ],
  validateUpdate(next, old) {
    const errors = checkMetadataUpdate(next, old)
    return next.spec === old.spec ? errors : [...errors, ...validateHorizontalPodAutoscalerSpec(next.spec)]
  },
  validateStatusUpdate: (next, old) => [
    ...checkMetadataUpdate(next, old),
    ...checkCounts(next.status, ['currentReplicas', 'desiredReplicas'], 'status'),
  ],
}

/** How pods are created, changed and deleted. Mirrors pkg/registry/core/pod/strategy.go. */
import type { PodStatus } from 'kubernetes-types/core/v1.js'
import type { Strategy } from '../../define-kind.ts'
import { NO_TIME } from '../shared/fill.ts'
import { defaultPod } from './defaults.ts'
import { qualityOfService } from './quality-of-service.ts'
import { validatePod } from './rules.ts'
import type { Pod } from './types.ts'
import { validatePodStatusUpdate, validatePodUpdate } from './update-rules.ts'
import { podSpecWarnings } from './warnings.ts'

export const podStrategy: Strategy<Pod> = {
  defaults: defaultPod,
  warnings: (pod, old) => (old ? [] : podSpecWarnings(pod.spec, 'spec')),
  prepareForCreate(pod) {
    return {
      apiVersion: pod.apiVersion,
      kind: pod.kind,
      metadata: pod.metadata,
      spec: pod.spec,
      status: firstStatus(pod),
    }
  },
  validate: validatePod,
  validateUpdate: validatePodUpdate,
  validateStatusUpdate: validatePodStatusUpdate,
  gracePeriodSeconds(pod, requestedSeconds) {
    const { nodeName, terminationGracePeriodSeconds } = pod.spec
    const hasEnded = pod.status.phase === 'Failed' || pod.status.phase === 'Succeeded'
    if (!nodeName || hasEnded) return 0
    const seconds = requestedSeconds ?? terminationGracePeriodSeconds ?? 0
    return seconds < 0 ? 1 : seconds
  },
}

function firstStatus(pod: Pod): PodStatus {
  const qosClass = pod.spec?.containers ? qualityOfService(pod.spec) : undefined
  if (!pod.spec?.schedulingGates?.length) return Object.freeze({ phase: 'Pending', qosClass })
  const gated = {
    type: 'PodScheduled',
    status: 'False',
    reason: 'SchedulingGated',
    message: 'Scheduling is blocked due to non-empty scheduling gates',
    lastProbeTime: NO_TIME,
    lastTransitionTime: NO_TIME,
  }
  return { phase: 'Pending', qosClass, conditions: [gated] }
}

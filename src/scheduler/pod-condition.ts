/** The `PodScheduled` condition of a pod that could not be scheduled, as a patch of its status. */
import type { PodCondition } from 'kubernetes-types/core/v1.js'
import type { Pod } from '../api/index.ts'

/** Why a cycle came to nothing: the pod does not fit, or something went wrong. */
export type FailureReason = 'Unschedulable' | 'SchedulerError'

/** A strategic merge patch for `pods/status`; undefined when the pod says so already. */
export function conditionPatch(
  pod: Pod,
  reason: FailureReason,
  message: string,
  timestamp: string,
): { status: { conditions: [PodCondition] } } | undefined {
  const old = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled')
  const isStillFalse = old?.status === 'False'
  if (isStillFalse && old.reason === reason && old.message === message) return undefined
  const lastTransitionTime = (isStillFalse && old.lastTransitionTime) || timestamp
  return {
    status: {
      conditions: [
        { type: 'PodScheduled', status: 'False', lastProbeTime: null, lastTransitionTime, reason, message },
      ] as unknown as [PodCondition],
    },
  }
}

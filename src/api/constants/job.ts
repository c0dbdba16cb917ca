/** The Job controller's numbers and names; `pkg/controller/job/job_controller.go` and batch/v1. */
export const JOB = Object.freeze({
  trackingFinalizer: 'batch.kubernetes.io/job-tracking',
  completionIndexAnnotation: 'batch.kubernetes.io/job-completion-index',
  indexFailureCountAnnotation: 'batch.kubernetes.io/job-index-failure-count',
  completionIndexVariable: 'JOB_COMPLETION_INDEX',
  /** Pause after the first failed pod; doubles with each. */
  podFailureBackoffMs: 10_000,
  maximumPodFailureBackoffMs: 600_000,
  /** Pods created in one reconcile at most. */
  maximumPodsPerReconcile: 500,
  /** Finished pods counted in one reconcile at most. */
  maximumUncountedPods: 500,
})

/** The DaemonSet controller's numbers; `pkg/controller/daemon/daemon_controller.go`. */
export const DAEMONSET = Object.freeze({
  /** Pods created or deleted in one reconcile at most. */
  burstReplicas: 250,
  /** Least age at which a failed pod is replaced; upstream's first back-off. */
  failedPodBackoffMs: 1_000,
  templateGenerationAnnotation: 'deprecated.daemonset.template.generation',
  templateGenerationLabel: 'pod-template-generation',
})

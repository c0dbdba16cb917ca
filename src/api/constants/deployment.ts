/** The Deployment controller's numbers and names; `pkg/controller/deployment/util`. */
export const DEPLOYMENT = Object.freeze({
  revisionAnnotation: 'deployment.kubernetes.io/revision',
  revisionHistoryAnnotation: 'deployment.kubernetes.io/revision-history',
  desiredReplicasAnnotation: 'deployment.kubernetes.io/desired-replicas',
  maxReplicasAnnotation: 'deployment.kubernetes.io/max-replicas',
  /** A progressDeadlineSeconds of this (MaxInt32) means none. */
  noDeadlineSeconds: 2_147_483_647,
})

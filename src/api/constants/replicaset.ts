/** The ReplicaSet controller's numbers; `pkg/controller/replicaset/replica_set.go`. */
export const REPLICASET = Object.freeze({
  /** Pods created or deleted in one reconcile at most. */
  burstReplicas: 500,
})

/**
 * The numbers of Kubernetes 1.33, one file a component, so that a lesson and its reader can look them up.
 */
export { API_SERVER } from './apiserver.ts'
export { CLIENT, EVENT_RECORDING, LEADER_ELECTION } from './client.ts'
export { DAEMONSET } from './daemonset.ts'
export { DEPLOYMENT } from './deployment.ts'
export { ENDPOINTS } from './endpoints.ts'
export { JOB } from './job.ts'
export { KUBELET } from './kubelet.ts'
export { NAMES } from './names.ts'
export { NODE_LIFECYCLE } from './node-lifecycle.ts'
export { REPLICASET } from './replicaset.ts'
export { SCHEDULER } from './scheduler.ts'

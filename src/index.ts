/**
 * Kubarium as a package: a whole Kubernetes cluster in one process, on a virtual clock, repeatable from a seed.
 */
export { ApiError, type KubeObject, type Status } from './api/index.ts'
export {
  type Adapters,
  type Change,
  Cluster,
  type ClusterOptions,
  type Faults,
  type Input,
  type NodeOptions,
  type Position,
  type RecordedInput,
  type Recording,
  type RequestResult,
  type Running,
  type Span,
  type TaintOptions,
  withoutSecrets,
} from './cluster/index.ts'
export type { KubectlResult } from './kubectl/index.ts'
export { Bug, UserError } from './sim/index.ts'

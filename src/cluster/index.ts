/** A whole cluster: booting it, watching it, breaking it, going back in it. */

export type { ContainerUsage, NodeUsage } from '../api/index.ts'
export { ADDONS } from './addons.ts'
export type { OutsideOrder } from './certificate-orders.ts'
export { Cluster, type Running, type Span } from './cluster.ts'
export type { ClusterOptions, NodeOptions, TaintOptions } from './config.ts'
export type {
  AttachRequest,
  ContainerAccess,
  ExecRequest,
  LogListener,
  LogRequest,
  StreamListener,
  StreamSession,
} from './container-access.ts'
export { API_SERVER } from './control-plane.ts'
export type { Faults } from './faults.ts'
export { ADMINISTRATOR } from './identities.ts'
export type { InputResult, Live } from './inputs.ts'
export { kubeletUsage, type RunningContainer, type Usage } from './kubelet-usage.ts'
export type { Machine } from './machine.ts'
export type { Change, Observer, Reference } from './observer.ts'
export type { OutsideRequest, WatchEnd, WatchListener } from './outside.ts'
export type { StreamEnd, StreamHearer, StreamPiece, StreamRequest } from './outside-streams.ts'
export type { Input, Position, RecordedInput, Recording } from './recording.ts'
export type { RequestResult } from './request.ts'
export { parseSpan } from './span.ts'
export type { OutsideCall } from './webhooks.ts'
export { withoutSecrets } from './without-secrets.ts'
export type { Adapters, World } from './world.ts'

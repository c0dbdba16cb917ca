/**
 * The scheduling framework: the points at which a plugin may have a say about a pod, one small interface each.
 * Mirrors `k8s.io/kube-scheduler/framework`. A plugin implements those it needs; all of them but binding are pure
 * functions of the pod, the nodes and what the plugin worked out earlier in the same cycle.
 *
 * Success is `undefined`: only an objection is an object, and the common ones are shared, so that refusing a
 * thousand nodes allocates nothing.
 */
import type { Node, Pod } from '../api/index.ts'
import type { EventInterest } from './cluster-event.ts'
import type { NodeInfo, PodInfo } from './node-info.ts'
import type { Snapshot } from './snapshot.ts'

/** A plugin's no. */
export interface Rejection {
  readonly plugin: string
  /** False when removing pods from the node could change the answer, which is what preemption asks. */
  readonly isUnresolvable: boolean
  /** As they are counted in `FailedScheduling`. */
  readonly reasons: readonly string[]
}

/** A frozen {@link Rejection} that removing pods could lift. */
export function unschedulable(plugin: string, ...reasons: string[]): Rejection {
  return Object.freeze({ plugin, isUnresolvable: false, reasons: Object.freeze(reasons) })
}

/** A frozen {@link Rejection} that stands whatever pods are removed. */
export function unresolvable(plugin: string, ...reasons: string[]): Rejection {
  return Object.freeze({ plugin, isUnresolvable: true, reasons: Object.freeze(reasons) })
}

/** A pod waiting to be scheduled, as far as plugins see it. */
export interface QueuedPod {
  readonly info: PodInfo
  /** When it joined the queue, or was last rejected; ms since the Unix epoch. */
  readonly timestampMs: number
}

/** What plugins need to know of a change: the object after it (undefined: deleted) and before (undefined: new). */
export interface Change {
  readonly node?: Node
  readonly oldNode?: Node
  readonly pod?: Pod
  readonly oldPod?: Pod
}

/** A plugin's word on what could wake a pod that it rejected. */
export interface EventRegistration {
  readonly on: EventInterest
  /** Whether this change may make that pod schedulable; without it every such change may. */
  hint?(pod: PodInfo, change: Change): boolean
}

/** What every plugin has. */
export interface PluginBase {
  /** Upstream's name. */
  readonly name: string
  readonly eventsToRegister?: readonly EventRegistration[]
}

/** Keeps a pod out of the queue altogether. */
export interface PreEnqueuePlugin {
  preEnqueue(pod: Pod): Rejection | undefined
}

/** The order of the active queue; a profile has exactly one. */
export interface QueueSortPlugin {
  /** Whether `a` is to be scheduled before `b`. */
  less(a: QueuedPod, b: QueuedPod): boolean
}

/**
 * Looks at a pod once, before the nodes: says `skip` when `filter` cannot object, rejects the pod everywhere, or
 * works out `state` for `filter` and perhaps the only nodes worth trying.
 */
export interface PreFilterPlugin<S = unknown> {
  preFilter(pod: PodInfo, snapshot: Snapshot): PreFilterResult<S>
}
type PreFilterResult<S> =
  | 'skip'
  | { readonly rejection: Rejection }
  | { readonly state: S; readonly onlyNodes?: ReadonlySet<string> }

/** Says whether a pod can run on a node. `state` is what this plugin's `preFilter` made. */
export interface FilterPlugin<S = unknown> {
  filter(pod: PodInfo, node: NodeInfo, state: S): Rejection | undefined
}

/** Asked when no node fits. What it says is appended to `FailedScheduling`. */
export interface PostFilterPlugin {
  postFilter(pod: PodInfo, snapshot: Snapshot, rejections: ReadonlyMap<string, Rejection>): PostFilterResult
}
interface PostFilterResult {
  readonly message: string
  /** Things a real cluster might have done here that this one does not. */
  readonly unmodelled?: string
}

/** Looks once at the nodes that fit: `skip` when `score` would tell none of them from another. */
export interface PreScorePlugin<S = unknown> {
  preScore(pod: PodInfo, nodes: () => readonly NodeInfo[], snapshot: Snapshot): 'skip' | { readonly state: S }
}

/** How well a pod would stand on a node: whole numbers from 0 to 100, if need be after `normalizeScores`. */
export interface ScorePlugin<S = unknown> {
  score(pod: PodInfo, node: NodeInfo, state: S): number
  /** Sets the scores of all fitting nodes in relation, in place. Without it, a node's score is its own affair. */
  normalizeScores?(scores: number[]): void
}

/**
 * Says which pods are alike to the plugin: with equal signatures it skips both or neither, and says the same of a
 * node of one generation. Without it, or without a signature, every pod is judged anew. Upstream has it from 1.35.
 */
export interface SignPlugin {
  sign(pod: PodInfo): string | undefined
}

/** Told of a choice before it is final (`reserve`), and that it came to nothing (`unreserve`, in reverse order). */
export interface ReservePlugin {
  reserve(pod: PodInfo, nodeName: string): Rejection | undefined
  unreserve(pod: PodInfo, nodeName: string): void
}

/** The last chance to object. Upstream's third answer, to wait, is absent. */
export interface PermitPlugin {
  permit(pod: PodInfo, nodeName: string): Rejection | undefined
}

/** Calls back once, in a later event: with nothing, or with what went wrong. */
type Done = (problem?: string) => void

/** Work that must be done before a pod is bound. */
export interface PreBindPlugin {
  preBind(pod: PodInfo, nodeName: string, done: Done): void
}

/** Puts the pod on the node. The first of a profile does it. */
export interface BindPlugin {
  bind(pod: PodInfo, nodeName: string, done: Done): void
}

/** Told that it is done. */
export interface PostBindPlugin {
  postBind(pod: PodInfo, nodeName: string): void
}

/** What plugins implement: a name, and any of the extension points. Methods' states are the plugin's own. */
export type Plugin = PluginBase &
  Partial<
    PreEnqueuePlugin &
      QueueSortPlugin &
      PreFilterPlugin &
      FilterPlugin &
      PostFilterPlugin &
      PreScorePlugin &
      ScorePlugin &
      SignPlugin &
      ReservePlugin &
      PermitPlugin &
      PreBindPlugin &
      BindPlugin &
      PostBindPlugin
  >

/** Spreads scores over 0..`maximum` in proportion to the greatest; turned round, the greatest gets 0. */
export function spreadScores(scores: number[], maximum: number, isReversed: boolean): void {
  let greatest = 0
  for (const score of scores) if (score > greatest) greatest = score
  for (let i = 0; i < scores.length; i++) {
    const spread = greatest === 0 ? 0 : Math.floor((maximum * scores[i]!) / greatest)
    scores[i] = isReversed ? maximum - spread : spread
  }
}

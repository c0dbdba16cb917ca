/**
 * A scheduler's plugins sorted by extension point, and which of them wants to hear of which event. Mirrors
 * kube-scheduler's `profile` and the wiring half of `framework/runtime`.
 */
import { assert } from '../sim/index.ts'
import { type ClusterEvent, matches } from './cluster-event.ts'
import type {
  BindPlugin,
  Change,
  EventRegistration,
  PermitPlugin,
  Plugin,
  PluginBase,
  PostBindPlugin,
  PostFilterPlugin,
  PreBindPlugin,
  PreEnqueuePlugin,
  QueueSortPlugin,
  ReservePlugin,
  ScorePlugin,
} from './framework.ts'
import type { PodInfo } from './node-info.ts'
import type { WeightedPlugin } from './plugins/index.ts'

type At<P> = Plugin & PluginBase & P

export interface WeightedScore {
  readonly plugin: At<ScorePlugin>
  readonly weight: number
}

export class Profile {
  readonly preEnqueue: readonly At<PreEnqueuePlugin>[]
  readonly queueSort: At<QueueSortPlugin>
  /** Plugins that look at the pod first, at the nodes, or both. */
  readonly preFilterOrFilter: readonly Plugin[]
  readonly postFilter: readonly At<PostFilterPlugin>[]
  readonly score: readonly WeightedScore[]
  readonly reserve: readonly At<ReservePlugin>[]
  readonly permit: readonly At<PermitPlugin>[]
  readonly preBind: readonly At<PreBindPlugin>[]
  readonly bind: At<BindPlugin>
  readonly postBind: readonly At<PostBindPlugin>[]
  readonly #judging: readonly Plugin[]
  readonly #registrations = new Map<string, readonly EventRegistration[]>()
  readonly #ofInterest = new Map<ClusterEvent, boolean>()

  constructor(weighted: readonly WeightedPlugin[]) {
    const plugins = weighted.map(({ plugin }) => plugin)
    const having = <P>(point: keyof P & keyof Plugin) =>
      plugins.filter((plugin): plugin is At<P> => plugin[point] !== undefined)
    this.preEnqueue = having<PreEnqueuePlugin>('preEnqueue')
    const sorters = having<QueueSortPlugin>('less')
    assert(sorters.length === 1, 'a profile has exactly one QueueSort plugin')
    this.queueSort = sorters[0]!
    this.preFilterOrFilter = plugins.filter(plugin => plugin.preFilter || plugin.filter)
    this.postFilter = having<PostFilterPlugin>('postFilter')
    this.score = weighted.flatMap(({ plugin, weight }) =>
      plugin.score ? [{ plugin: plugin as At<ScorePlugin>, weight }] : [],
    )
    assert(
      this.score.every(({ weight }) => weight > 0),
      'a plugin that scores has a weight',
    )
    this.reserve = having<ReservePlugin>('reserve')
    this.permit = having<PermitPlugin>('permit')
    this.preBind = having<PreBindPlugin>('preBind')
    const binders = having<BindPlugin>('bind')
    assert(binders.length > 0, 'a profile has a Bind plugin')
    this.bind = binders[0]!
    this.postBind = having<PostBindPlugin>('postBind')
    this.#judging = plugins.filter(plugin => plugin.filter || plugin.score)
    for (const plugin of plugins) this.#registrations.set(plugin.name, plugin.eventsToRegister ?? [])
  }

  /** The same for pods about which no plugin could say different things of the same node; undefined when unknown. */
  sign(pod: PodInfo): string | undefined {
    let signature = ''
    for (const plugin of this.#judging) {
      const part = plugin.sign?.(pod)
      if (part === undefined) return undefined
      signature += `${part}|`
    }
    return signature
  }

  /** Whether any plugin registered for such an event at all. */
  isOfInterest(event: ClusterEvent): boolean {
    let known = this.#ofInterest.get(event)
    if (known === undefined) {
      known = [...this.#registrations.values()].some(list => list.some(({ on }) => matches(on, event)))
      this.#ofInterest.set(event, known)
    }
    return known
  }

  /** Whether the event may make a pod schedulable that those plugins rejected: their queueing hints. */
  isWorthRetrying(
    pod: PodInfo,
    rejectedBy: ReadonlySet<string>,
    event: ClusterEvent,
    change: Change,
  ): boolean {
    for (const name of rejectedBy) {
      for (const { on, hint } of this.#registrations.get(name) ?? []) {
        if (matches(on, event) && (hint === undefined || hint(pod, change))) return true
      }
    }
    return false
  }
}

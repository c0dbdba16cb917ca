/** The admission plugins in upstream's order: all that change an object, later all that only judge it. */
import type { AnyKind, KubeObject } from '../api/index.ts'
import type { Routine } from '../sim/index.ts'
import type { AdmissionPlugin, AdmissionView, Attributes, Operation, Refusal } from './admission/plugin.ts'
import { isRefusal } from './admission/plugin.ts'
import type { Core } from './core.ts'

type Question = Pick<Attributes, 'kind' | 'operation' | 'subresource'>

/** The plugins that are asked, in order, and those of them that can do what is called for. */
interface Answer extends Question {
  readonly handlers: readonly AdmissionPlugin[]
  readonly admitting: readonly Having<'admit'>[]
  readonly validating: readonly Having<'validate'>[]
  readonly waiting: readonly Having<'waits'>[]
}

type Having<M extends keyof AdmissionPlugin> = AdmissionPlugin & Required<Pick<AdmissionPlugin, M>>

export class AdmissionChain {
  readonly #plugins: readonly AdmissionPlugin[]
  /** What plugins look at. */
  readonly view: AdmissionView
  readonly #handlers = new Map<AnyKind, Map<string, Partial<Record<Operation, Answer>>>>()
  #last: Answer | undefined

  constructor(plugins: readonly AdmissionPlugin[], view: AdmissionView) {
    this.#plugins = plugins
    this.view = view
  }

  /** The object as the plugins want it, or the first refusal. */
  admit(object: KubeObject, attributes: Attributes): KubeObject | Refusal {
    let admitted = object
    for (const plugin of this.#answerTo(attributes).admitting) {
      const verdict = plugin.admit(admitted, attributes, this.view)
      if (verdict === undefined) continue
      if (isRefusal(verdict)) return verdict
      admitted = verdict
    }
    return admitted
  }

  /** Whether a deletion, which has no object, may go on. */
  admitDelete(attributes: Attributes): Refusal | undefined {
    for (const plugin of this.#answerTo(attributes).admitting) {
      const verdict = plugin.admit(undefined, attributes, this.view)
      if (isRefusal(verdict)) return verdict
    }
    return this.validate(undefined, attributes)
  }

  /** The first refusal of what is about to be stored. */
  validate(object: KubeObject | undefined, attributes: Attributes): Refusal | undefined {
    for (const plugin of this.#answerTo(attributes).validating) {
      const verdict = plugin.validate(object, attributes, this.view)
      if (verdict) return verdict
    }
    return undefined
  }

  /** Whether any plugin is asked about such requests, or could be: those that look at configurations answer for all. */
  handles(kind: AnyKind, operation: Operation, subresource: string): boolean {
    for (const plugin of this.#answerTo({ kind, operation, subresource }).handlers) {
      if (plugin.isActive?.(this.view) ?? true) return true
    }
    return false
  }

  /** Whether any plugin must be waited for: then {@link admitWaiting} and {@link validateWaiting} are to be run. */
  waits(attributes: Attributes): boolean {
    for (const plugin of this.#answerTo(attributes).waiting) {
      if (plugin.waits(attributes, this.view)) return true
    }
    return false
  }

  /** The object as those want it who must be waited for. Throws ApiError. */
  *admitWaiting<T extends KubeObject | undefined>(object: T, attributes: Attributes, core: Core): Routine<T> {
    let admitted: T = object
    for (const plugin of this.#answerTo(attributes).waiting) {
      if (!plugin.admitWaiting || !plugin.waits(attributes, this.view)) continue
      admitted = ((yield* plugin.admitWaiting(admitted, attributes, core)) as T | undefined) ?? admitted
    }
    return admitted
  }

  /** Throws ApiError where one of those refuses. */
  *validateWaiting(object: KubeObject | undefined, attributes: Attributes, core: Core): Routine<void> {
    for (const plugin of this.#answerTo(attributes).waiting) {
      if (!plugin.validateWaiting || !plugin.waits(attributes, this.view)) continue
      yield* plugin.validateWaiting(object, attributes, core)
    }
  }

  /** A request asks several times in a row: the last answer is kept at hand. */
  #answerTo({ kind, operation, subresource }: Question): Answer {
    const last = this.#last
    if (last && last.kind === kind && last.operation === operation && last.subresource === subresource) {
      return last
    }
    const answer = this.#handlers.get(kind)?.get(subresource)?.[operation]
    this.#last = answer ?? this.#workOut({ kind, operation, subresource })
    return this.#last
  }

  #workOut({ kind, operation, subresource }: Question): Answer {
    let bySubresource = this.#handlers.get(kind)
    if (!bySubresource) {
      bySubresource = new Map()
      this.#handlers.set(kind, bySubresource)
    }
    let byOperation = bySubresource.get(subresource)
    if (!byOperation) {
      byOperation = {}
      bySubresource.set(subresource, byOperation)
    }
    const handlers = this.#plugins.filter(plugin => plugin.handles(kind, operation, subresource))
    const answer: Answer = {
      kind,
      operation,
      subresource,
      handlers,
      admitting: handlers.filter(plugin => has(plugin, 'admit')),
      validating: handlers.filter(plugin => has(plugin, 'validate')),
      waiting: handlers.filter(plugin => has(plugin, 'waits')),
    }
    byOperation[operation] = answer
    return answer
  }
}

function has<M extends keyof AdmissionPlugin>(plugin: AdmissionPlugin, method: M): plugin is Having<M> {
  return plugin[method] !== undefined
}

/** The admission plugins in upstream's order: all that change an object, later all that only judge it. */
import type { AnyKind, KubeObject } from '../api/index.ts'
import type { AdmissionPlugin, AdmissionView, Attributes, Operation, Refusal } from './admission/plugin.ts'
import { isRefusal } from './admission/plugin.ts'

export class AdmissionChain {
  readonly #plugins: readonly AdmissionPlugin[]
  readonly #view: AdmissionView
  readonly #handlers = new Map<AnyKind, Map<string, readonly AdmissionPlugin[]>>()

  constructor(plugins: readonly AdmissionPlugin[], view: AdmissionView) {
    this.#plugins = plugins
    this.#view = view
  }

  /** The object as the plugins want it, or the first refusal. */
  admit(object: KubeObject, attributes: Attributes): KubeObject | Refusal {
    let admitted = object
    for (const plugin of this.#handlersOf(attributes)) {
      const verdict = plugin.admit?.(admitted, attributes, this.#view)
      if (verdict === undefined) continue
      if (isRefusal(verdict)) return verdict
      admitted = verdict
    }
    return admitted
  }

  /** Whether a deletion, which has no object, may go on. */
  admitDelete(attributes: Attributes): Refusal | undefined {
    for (const plugin of this.#handlersOf(attributes)) {
      const verdict = plugin.admit?.(undefined, attributes, this.#view)
      if (isRefusal(verdict)) return verdict
    }
    return this.validate(undefined, attributes)
  }

  /** The first refusal of what is about to be stored. */
  validate(object: KubeObject | undefined, attributes: Attributes): Refusal | undefined {
    for (const plugin of this.#handlersOf(attributes)) {
      const verdict = plugin.validate?.(object, attributes, this.#view)
      if (verdict) return verdict
    }
    return undefined
  }

  #handlersOf({ kind, operation, subresource }: Attributes): readonly AdmissionPlugin[] {
    let byQuestion = this.#handlers.get(kind)
    if (!byQuestion) {
      byQuestion = new Map()
      this.#handlers.set(kind, byQuestion)
    }
    const question = subresource ? `${operation as Operation} ${subresource}` : operation
    let handlers = byQuestion.get(question)
    if (!handlers) {
      handlers = this.#plugins.filter(plugin => plugin.handles(kind, operation, subresource))
      byQuestion.set(question, handlers)
    }
    return handlers
  }
}

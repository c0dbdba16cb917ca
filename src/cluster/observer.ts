/**
 * Looking at the cluster without touching it: no request, no event, no trace. What is seen is what etcd has
 * committed; while etcd is down, what it had.
 */
import { type AnyKind, type KubeObject, parseLabelSelector, type Scheme } from '../api/index.ts'
import { registryPrefix } from '../client/index.ts'
import { type Etcd, prefixEnd } from '../etcd/index.ts'
import { type Cause, UserError } from '../sim/index.ts'

/** One change of one object, as etcd's history has it. */
export interface Change {
  readonly revision: number
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly atMs: number
  readonly key: string
  /** Undefined for deletions. */
  readonly object: KubeObject | undefined
  /** The commit's trace record. */
  readonly cause: Cause
}

/** Which object a person means: a kind as typed after `kubectl get`, a namespace, a name. */
export interface Reference {
  readonly kind: AnyKind
  readonly namespace: string
  readonly name: string
}

type Store = Etcd<KubeObject>['store']

export class Observer {
  readonly #scheme: Scheme
  readonly #store: () => Store

  constructor(scheme: Scheme, store: () => Store) {
    this.#scheme = scheme
    this.#store = store
  }

  /** The kind that a word means. Throws UserError. */
  kind(word: string): AnyKind {
    const kind = this.#scheme.lookup(word)
    if (!kind) {
      throw new UserError(`there is no resource type ${JSON.stringify(word)}`, {
        mend: 'Write what you would type after `kubectl get`.',
      })
    }
    return kind
  }

  /** Reads `pod/web`, or `pod/other/web` with a namespace in between. Throws UserError. */
  reference(text: string, namespace = 'default'): Reference {
    const parts = text.split('/')
    if (parts.length < 2 || parts.length > 3 || parts.includes('')) {
      throw new UserError(`${JSON.stringify(text)} does not name an object`, {
        mend: 'Write KIND/NAME, or KIND/NAMESPACE/NAME.',
      })
    }
    const kind = this.kind(parts[0]!)
    const name = parts.at(-1)!
    return { kind, name, namespace: kind.isNamespaced ? (parts.length === 3 ? parts[1]! : namespace) : '' }
  }

  /** The etcd key of an object, which is its name in traces. */
  keyOf({ kind, namespace, name }: Reference): string {
    return registryPrefix(kind) + (kind.isNamespaced ? `${namespace}/${name}` : name)
  }

  get(reference: Reference): KubeObject | undefined {
    return this.#store().get(this.keyOf(reference))?.value
  }

  /** Objects of a kind in key order; of all namespaces when none is given. */
  list(kind: AnyKind, namespace = '', labelSelector = ''): KubeObject[] {
    const objects = this.#store()
      .select(rangeOf(kind, namespace))
      .map(kv => kv.value)
    if (labelSelector === '') return objects
    const matcher = parseLabelSelector(labelSelector)
    return objects.filter(object => matcher.matches(object.metadata.labels))
  }

  /** What is still known of the past of a kind, oldest first. `timeOf` gives the time of a trace record. */
  history(kind: AnyKind, timeOf: (cause: Cause) => number): Change[] {
    return this.#store()
      .changes(rangeOf(kind, ''))
      .map(({ kv, cause }) => ({
        revision: kv.modRevision,
        type: kv.version === 0 ? 'DELETED' : kv.version === 1 ? 'ADDED' : 'MODIFIED',
        atMs: timeOf(cause),
        key: kv.key,
        object: kv.version === 0 ? undefined : kv.value,
        cause,
      }))
  }
}

function rangeOf(kind: AnyKind, namespace: string): { key: string; rangeEnd: string } {
  const prefix = registryPrefix(kind) + (kind.isNamespaced && namespace ? `${namespace}/` : '')
  return { key: prefix, rangeEnd: prefixEnd(prefix) }
}

/**
 * Which Services a changed pod concerns, found without looking at other pods: for each Service with a selector
 * the keys of the pods that changed since it was last worked on. Mirrors the event handlers that the endpoints
 * and endpointslice controllers share (`endpointslice/util.PodSelectorCache`); differs in remembering the pods.
 */
import { type LabelMatcher, labelSet, type Pod, Pods, type Service, Services } from '../../api/index.ts'
import type { CacheIndex, Informers } from '../../client/index.ts'
import { isEndpointChanged, isInEndpoints } from './endpoint-pods.ts'

/** Every pod of a namespace; costs nothing while nobody asks. */
export const PODS_BY_NAMESPACE: CacheIndex<Pod> = {
  kind: Pods,
  name: 'pods-by-namespace',
  values: pod => [pod.metadata.namespace ?? ''],
  isSame: () => true,
}

/** A Service with a selector, and what happened to its pods. */
export interface Followed {
  readonly key: string
  service: Service
  /** Pods to look at again. */
  changed: Set<string>
  /** Everything has to be looked at: the Service is new or changed. */
  isWhole: boolean
}

interface Entry extends Followed {
  matcher: LabelMatcher
  /** The label under which its namespace finds it: no pod without it can match. */
  anchor: string
}

export class ServicePods {
  readonly #informers: Informers
  readonly #onChange: (key: string, isPodChange: boolean) => void
  readonly #entries = new Map<string, Entry>()
  /** By `namespace/label=value`. */
  readonly #byAnchor = new Map<string, Set<Entry>>()

  /** `onChange` is told the Service's key, after the fact was written down. */
  constructor(informers: Informers, onChange: (key: string, isPodChange: boolean) => void) {
    this.#informers = informers
    this.#onChange = onChange
    informers.of(Pods).addIndex(PODS_BY_NAMESPACE)
  }

  /** Begins to listen. */
  start(): void {
    this.#informers.of(Services).addHandler({
      added: (service, key) => this.#serviceChanged(service, key),
      updated: (service, old, key) => {
        const isSame = service.spec === old.spec && service.metadata.labels === old.metadata.labels
        if (!isSame || service.metadata.deletionTimestamp) this.#serviceChanged(service, key)
      },
      deleted: (_service, key) => {
        this.#drop(key)
        this.#onChange(key, false)
      },
    })
    this.#informers.of(Pods).addHandler({
      added: (pod, key) => {
        if (isInEndpoints(pod)) this.#podChanged(pod, key)
      },
      updated: (pod, old, key) => {
        const isRelabelled = pod.metadata.labels !== old.metadata.labels
        if (!isRelabelled && !isEndpointChanged(pod, old)) return
        this.#podChanged(pod, key)
        if (isRelabelled) this.#podChanged(old, key)
      },
      deleted: (pod, key) => this.#podChanged(pod, key),
    })
  }

  get(key: string): Followed | undefined {
    return this.#entries.get(key)
  }

  /** The pod under `key` if it exists and the Service selects it. */
  selected(followed: Followed, key: string): Pod | undefined {
    const pod = this.#informers.of(Pods).getByKey(key)
    return pod && (followed as Entry).matcher.matches(pod.metadata.labels) ? pod : undefined
  }

  /** Keys of every pod the Service selects; reads its namespace. */
  allSelected(followed: Followed): string[] {
    const { matcher, service } = followed as Entry
    const { namespace = '' } = service.metadata
    const keys: string[] = []
    for (const pod of this.#informers.of(Pods).list(PODS_BY_NAMESPACE, namespace)) {
      if (isInEndpoints(pod) && matcher.matches(pod.metadata.labels)) {
        keys.push(`${namespace}/${pod.metadata.name}`)
      }
    }
    return keys
  }

  #serviceChanged(service: Service, key: string): void {
    this.#drop(key)
    const { selector } = service.spec
    if (selector && Object.keys(selector).length > 0) {
      const [label = '', value = ''] = Object.entries(selector)[0] ?? []
      const anchor = `${service.metadata.namespace}/${label}=${value}`
      const matcher = labelSet(selector)
      const entry: Entry = { key, service, changed: new Set(), isWhole: true, matcher, anchor }
      this.#entries.set(key, entry)
      const others = this.#byAnchor.get(anchor)
      if (others) others.add(entry)
      else this.#byAnchor.set(anchor, new Set([entry]))
    }
    this.#onChange(key, false)
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    this.#entries.delete(key)
    const others = this.#byAnchor.get(entry.anchor)!
    others.delete(entry)
    if (others.size === 0) this.#byAnchor.delete(entry.anchor)
  }

  #podChanged(pod: Pod, key: string): void {
    if (this.#byAnchor.size === 0) return
    const { labels, namespace } = pod.metadata
    for (const label in labels) {
      const entries = this.#byAnchor.get(`${namespace}/${label}=${labels[label]}`)
      if (!entries) continue
      for (const entry of entries) {
        if (!entry.matcher.matches(labels)) continue
        entry.changed.add(key)
        this.#onChange(entry.key, true)
      }
    }
  }
}

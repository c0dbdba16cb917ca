/**
 * What the server did, counted: requests by verb and resource, refusals for conflict, commits. Read by the
 * bench and by tests; counting costs a map lookup and an addition a request.
 */
import type { AnyKind } from '../api/index.ts'
import type { ApiRequest, Verb } from '../client/index.ts'

type VerbCounts = Record<Verb, number>

export class Counters {
  /** Requests taken in, watches included. */
  requests = 0
  /** 409 Conflict answers: somebody wrote from a stale copy. AlreadyExists is not among them. */
  conflicts = 0
  /** Attempts repeated inside the server because another write came between. */
  retries = 0
  /** Commits to etcd. */
  writes = 0
  /** Requests being worked on now, and the most there ever were at once (flow accounting). */
  inFlight = 0
  mostInFlight = 0
  /** What was asked for last: the next request is often about the same. */
  #last: { readonly kind: AnyKind; readonly subresource: string; readonly counts: VerbCounts } | undefined
  readonly #byResource = new Map<AnyKind, Map<string, VerbCounts>>()

  /** Counts one request in. */
  begin(request: ApiRequest): void {
    this.requests++
    const { kind, subresource } = request
    if (this.#last?.kind !== kind || this.#last.subresource !== subresource) {
      this.#last = { kind, subresource, counts: this.#countsOf(request) }
    }
    this.#last.counts[request.verb]++
  }

  #countsOf(request: ApiRequest): VerbCounts {
    let subresources = this.#byResource.get(request.kind)
    if (!subresources) {
      subresources = new Map()
      this.#byResource.set(request.kind, subresources)
    }
    let counts = subresources.get(request.subresource)
    if (!counts) {
      counts = {
        get: 0,
        list: 0,
        watch: 0,
        create: 0,
        update: 0,
        patch: 0,
        delete: 0,
        deletecollection: 0,
      }
      subresources.set(request.subresource, counts)
    }
    return counts
  }

  /** Requests by resource (`pods`, `pods/status`) and verb, sorted by resource, zeros left out. */
  rows(): { resource: string; verb: Verb; count: number }[] {
    const rows: { resource: string; verb: Verb; count: number }[] = []
    for (const [kind, subresources] of this.#byResource) {
      for (const [subresource, counts] of subresources) {
        const resource = subresource ? `${kind.plural}/${subresource}` : kind.plural
        for (const verb of Object.keys(counts) as Verb[]) {
          if (counts[verb] > 0) rows.push({ resource, verb, count: counts[verb] })
        }
      }
    }
    return rows.sort((a, b) => (a.resource < b.resource ? -1 : a.resource > b.resource ? 1 : 0))
  }
}

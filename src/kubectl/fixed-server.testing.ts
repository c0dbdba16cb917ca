/** An API server that has a few objects, gives them when asked, and changes nothing. */
import { fieldSelector, KINDS, type KubeObject, parseLabelSelector, statuses } from '../api/index.ts'
import type { ApiPort, ApiRequest, ApiResult } from '../client/index.ts'
import type { Simulation } from '../sim/index.ts'

/** Those of the server that the answers were recorded from: one without metrics-server. */
export const FIXED_KINDS = KINDS.filter(({ group }) => group !== 'metrics.k8s.io')

export class FixedServer implements ApiPort {
  readonly #sim: Simulation
  readonly #objects: readonly KubeObject[]

  constructor(sim: Simulation, objects: readonly KubeObject[]) {
    this.#sim = sim
    this.#objects = objects
  }

  request(request: ApiRequest, reply: (result: ApiResult<never>) => void): void {
    const answer = this.#answer(request) as ApiResult<never>
    this.#sim.root.schedule(0, this.#sim.label('fixed-server'), reply, answer)
  }

  watch(): never {
    throw new Error('a server whose objects never change is not watched')
  }

  #answer({ verb, kind, namespace, name, options }: ApiRequest): ApiResult<unknown> {
    const objects = this.#objects.filter(
      ({ apiVersion, kind: name, metadata }) =>
        apiVersion === kind.apiVersion &&
        name === kind.kind &&
        (namespace === '' || metadata.namespace === namespace),
    )
    if (verb === 'list') {
      const labels = parseLabelSelector(options.labelSelector ?? '')
      const fields = fieldSelector(kind, options.fieldSelector ?? '')
      const items = objects.filter(object => labels.matches(object.metadata.labels) && fields.matches(object))
      return { ok: true, code: 200, object: { metadata: { resourceVersion: '1' }, items } }
    }
    const found = objects.find(object => object.metadata.name === name)
    if (verb === 'get' && found) return { ok: true, code: 200, object: found }
    return { ok: false, code: 404, status: statuses.notFound(kind, name) }
  }
}

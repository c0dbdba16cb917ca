/**
 * Says every ten seconds that the node is alive, in its Lease: mirrors
 * `component-helpers/apimachinery/lease`. The jitter is a hash, not a draw: renewals can be skipped over.
 */
import { KUBELET, type Lease, Leases, NAMES, type Node, Nodes } from '../../api/index.ts'
import { type ApiResult, microTime, requestFor } from '../../client/index.ts'
import { hash32, hashName } from '../../sim/index.ts'
import type { Services } from '../services.ts'

/** Attempts at one renewal, and the longest wait between attempts to get the Lease at all. */
const RENEWAL_ATTEMPTS = 5
const FIRST_WAIT_MS = 200
const LONGEST_WAIT_MS = 7_000

export class LeaseRenewer {
  readonly #services: Services
  readonly #hash: number
  #owner: Node | undefined
  #lease: Lease | undefined
  #renewals = 0
  #failures = 0

  constructor(services: Services) {
    this.#services = services
    this.#hash = hashName(services.node.name)
  }

  start(owner: Node): void {
    this.#owner = owner
    this.#ensure(FIRST_WAIT_MS)
  }

  /** Reads the Lease, or makes it. */
  #ensure(waitMs: number): void {
    const { api, node, scope, labels } = this.#services
    const again = () => {
      const next = Math.min(waitMs * 2, LONGEST_WAIT_MS)
      scope.schedule(waitMs, labels.lease, () => this.#ensure(next), undefined)
    }
    const get = requestFor('get', Leases, NAMES.nodeLeaseNamespace, node.name)
    api.request(get, (result: ApiResult<Lease>) => {
      if (!scope.isAlive) return
      if (result.ok) {
        this.#lease = result.object
        this.#renew()
        return
      }
      if (result.code !== 404) {
        again()
        return
      }
      const create = requestFor('create', Leases, NAMES.nodeLeaseNamespace, node.name, { body: this.#body() })
      api.request(create, (created: ApiResult<Lease>) => {
        if (!scope.isAlive) return
        if (created.ok) this.#keep(created.object)
        else again()
      })
    })
  }

  #renew(): void {
    const { api, node, scope } = this.#services
    const body = this.#body()
    const request = requestFor('update', Leases, NAMES.nodeLeaseNamespace, node.name, { body })
    api.request(request, (result: ApiResult<Lease>) => {
      if (!scope.isAlive) return
      if (result.ok) this.#keep(result.object)
      else if (result.code === 409 || result.code === 404) this.#ensure(FIRST_WAIT_MS)
      else if (++this.#failures < RENEWAL_ATTEMPTS) this.#renew()
      else this.#keep(this.#lease!)
    })
  }

  #keep(lease: Lease): void {
    this.#lease = lease
    this.#failures = 0
    const { scope, labels } = this.#services
    const chance = hash32(scope.sim.seed, this.#hash, this.#renewals++) / 2 ** 32
    const delayMs = Math.round(KUBELET.leaseRenewMs * (1 + KUBELET.leaseJitter * chance))
    scope.schedule(delayMs, labels.lease, renew, this)
  }

  renew(): void {
    this.#renew()
  }

  #body(): Lease {
    const { node, scope } = this.#services
    const lease = this.#lease
    const owner = this.#owner!
    return {
      apiVersion: Leases.apiVersion,
      kind: Leases.kind,
      metadata:
        lease?.metadata ??
        ({
          name: node.name,
          namespace: NAMES.nodeLeaseNamespace,
          ownerReferences: [
            { apiVersion: Nodes.apiVersion, kind: Nodes.kind, name: node.name, uid: owner.metadata.uid },
          ],
        } as Lease['metadata']),
      spec: {
        holderIdentity: node.name,
        leaseDurationSeconds: KUBELET.leaseDurationSeconds,
        renewTime: microTime(scope.sim.now),
      },
    }
  }
}

function renew(renewer: LeaseRenewer): void {
  renewer.renew()
}

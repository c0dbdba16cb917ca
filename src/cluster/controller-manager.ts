/**
 * kube-controller-manager as one process: the pure controllers on their host, and those with a memory of their own.
 */
import type { Scheme } from '../api/index.ts'
import { type AnyController, type ApiPort, ControllerHost, Informers } from '../client/index.ts'
import { type Credentials, type ResourceMetrics, startComponents } from '../controllers/index.ts'
import type { Scope } from '../sim/index.ts'
import type { Addressing } from './addressing.ts'

export interface ControllerManagerOptions {
  /** The connection that the shared informers use. */
  readonly api: ApiPort
  /** A connection for one controller. */
  connect(controller: string): ApiPort
  /** The pure ones. */
  readonly controllers: readonly AnyController[]
  readonly addressing: Addressing
  /** What pods use. */
  readonly metrics: ResourceMetrics
  /** For the controllers of certificates and tokens, where they run. */
  readonly credentials: Credentials | undefined
  /** What discovery would tell of kinds. */
  readonly scheme: Scheme
}

export class ControllerManager {
  readonly host: ControllerHost
  readonly #start: () => void

  constructor(scope: Scope, options: ControllerManagerOptions) {
    const { connect, controllers, addressing, scheme, metrics, credentials } = options
    const customKinds = () => scheme.kinds.filter(kind => kind.definedBy)
    const informers = new Informers(scope, options.api)
    this.host = new ControllerHost(scope, { connect, informers, controllers })
    const { clusterCidr, nodeCidrBits } = addressing
    this.#start = () => {
      startComponents(scope, {
        connect,
        informers,
        customKinds,
        metrics,
        credentials,
        clusterCidr,
        nodeCidrBits,
      })
      this.host.start()
    }
  }

  start(): void {
    this.#start()
  }
}

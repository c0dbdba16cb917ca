/**
 * kube-controller-manager as one process: the pure controllers on their host, and those with a memory of their own.
 */
import type { AnyKind } from '../api/index.ts'
import { type ApiPort, ControllerHost, Informers } from '../client/index.ts'
import {
  CONTROLLERS,
  EndpointSliceController,
  EndpointsController,
  GarbageCollector,
  NamespaceController,
  NodeIpam,
} from '../controllers/index.ts'
import type { Scope } from '../sim/index.ts'
import type { Addressing } from './addressing.ts'

export interface ControllerManagerOptions {
  readonly api: ApiPort
  /** Every kind there is, for what follows them all. */
  readonly kinds: readonly AnyKind[]
  readonly addressing: Addressing
}

export class ControllerManager {
  readonly host: ControllerHost
  readonly informers: Informers
  readonly #start: () => void

  constructor(scope: Scope, options: ControllerManagerOptions) {
    const { api, kinds, addressing } = options
    const informers = new Informers(scope, api)
    this.informers = informers
    this.host = new ControllerHost(scope, { api, informers, controllers: CONTROLLERS })
    const { clusterCidr, nodeCidrBits } = addressing
    const components = [
      new EndpointSliceController(scope, { api, informers }),
      new EndpointsController(scope, { api, informers }),
      new NamespaceController(scope, { api, informers, kinds }),
      new GarbageCollector(scope, { api, informers, kinds }),
      new NodeIpam(scope, { api, informers, clusterCidr, nodeCidrBits }),
    ]
    this.#start = () => {
      for (const component of components) component.start()
      this.host.start()
    }
  }

  start(): void {
    this.#start()
  }
}

/** The Container Network Interface as the container runtime calls it. The network room implements it. */
import type { NetworkNamespace } from './container-network.ts'

export interface CniSandbox {
  readonly id: string
  readonly podNamespace: string
  readonly podName: string
  readonly podUid: string
  readonly network: NetworkNamespace
}

export type CniResult =
  | { readonly ok: true; readonly ips: readonly string[] }
  /** `message` as the plugin words it; the runtime wraps it. */
  | { readonly ok: false; readonly message: string }

export interface Cni {
  /** Why no pod can be wired yet (`cni plugin not initialized`); undefined when ready. */
  readonly notReady: string | undefined
  /** Calls `changed` whenever {@link notReady} has changed; the returned function ends that. */
  onReadinessChange(changed: () => void): () => void
  /** Wires a sandbox. The caller assigns the addresses to the namespace. `reply` comes once, now or later. */
  add(sandbox: CniSandbox, reply: (result: CniResult) => void): void
  /** Gives everything back; succeeds for sandboxes it does not know. */
  delete(sandbox: CniSandbox): void
}

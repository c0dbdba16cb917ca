/** Where the kubelet gets what its pods prove themselves with: the port. Stands for requests that leave no trace. */
import type { ConfigMap, Pod } from '../api/index.ts'

/** A token as a volume asks for it. */
export interface TokenOrder {
  /** The API server's own unless given. */
  readonly audience: string | undefined
  readonly seconds: number
  /** When the kubelet would have fetched it, ms since the Unix epoch. */
  readonly issuedMs: number
}

export interface Credentials {
  /** A token of the pod's account, bound to the pod; undefined when there is none to be had. The same for the same order. */
  token(pod: Pod, order: TokenOrder): string | undefined
  /** The `kube-root-ca.crt` of a namespace as it is now. */
  rootCertificate(namespace: string): ConfigMap | undefined
}

export const NO_CREDENTIALS: Credentials = Object.freeze({
  token: () => undefined,
  rootCertificate: () => undefined,
})

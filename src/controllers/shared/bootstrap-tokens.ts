/** Secrets that hold bootstrap tokens. Mirrors k8s.io/cluster-bootstrap. */
import { decodeBase64, NAMES, type Secret } from '../../api/index.ts'

const TYPE = 'bootstrap.kubernetes.io/token'

export function isBootstrapToken({ type, metadata }: Secret): boolean {
  return type === TYPE && metadata.namespace === NAMES.systemNamespace
}

/** `token-id`, `expiration`, ...; '' for what is not there. */
export function bootstrapField({ data }: Secret, name: string): string {
  return decodeBase64(data?.[name] ?? '')
}

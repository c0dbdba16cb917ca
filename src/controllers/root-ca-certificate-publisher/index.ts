/**
 * Puts the ConfigMap `kube-root-ca.crt` into every active namespace. Mirrors
 * `pkg/controller/certificates/rootcacertpublisher`.
 */
import { type ConfigMap, ConfigMaps, type Namespace, Namespaces } from '../../api/index.ts'
import { type Controller, DONE, type Outcome, type View } from '../../client/index.ts'

const NAME = 'kube-root-ca.crt'
const DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the ' +
  'internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of ' +
  'Kubernetes clusters.'
/** For clusters whose connections are not encrypted. */
export const STAND_IN_CERTIFICATE =
  '-----BEGIN CERTIFICATE-----\nS3ViYXJpdW06IG5vdCBhIGNlcnRpZmljYXRlCg==\n-----END CERTIFICATE-----\n'

/** `certificate` is the authority's, PEM (`--root-ca-file`). */
export function rootCaCertificatePublisher(certificate: string): Controller<Namespace> {
  const data = Object.freeze({ 'ca.crt': certificate })
  return {
    name: 'root-ca-certificate-publisher',
    eventSource: 'root-ca-certificate-publisher-controller',
    kind: Namespaces,
    watches: [
      {
        kind: ConfigMaps,
        keys: (map: ConfigMap, old: ConfigMap | undefined, event) =>
          map.metadata.name === NAME && (event === 'DELETED' || (old !== undefined && map.data !== old.data))
            ? [map.metadata.namespace ?? '']
            : [],
      },
    ],
    indexes: [],
    workers: 1,
    reconcile(namespace: Namespace | undefined, view: View): Outcome {
      if (namespace?.status.phase !== 'Active') return DONE
      const { name } = namespace.metadata
      const found = view.get(ConfigMaps, name, NAME)
      if (!found) {
        const metadata = {
          name: NAME,
          namespace: name,
          annotations: { 'kubernetes.io/description': DESCRIPTION },
        }
        const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data }
        return { intents: [{ do: 'create', kind: ConfigMaps, object, isFineIfExists: true }] }
      }
      if (found.data?.['ca.crt'] === certificate) return DONE
      return { intents: [{ do: 'update', kind: ConfigMaps, object: { ...found, data } as ConfigMap }] }
    },
  }
}
